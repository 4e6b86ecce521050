for (const frame of document.querySelectorAll('iframe')) {
  const fit = () => {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    const bar = page.documentElement.scrollWidth > page.documentElement.clientWidth ? 18 : 0;
    frame.style.height = Math.min(2000, Math.ceil(page.body.getBoundingClientRect().height) + bar) + 'px';
  };
  frame.addEventListener('load', fit);
  addEventListener('resize', fit);
  fit();
}
