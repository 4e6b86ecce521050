/** Calls back once when an element comes near the part of the page that is seen. */

export function near(callback: () => void): (element: Element) => () => void {
  return (element) => {
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        callback();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
