/** The worker's script as text, built by `vite.runtime.config.ts`. */
declare module 'virtual:worker-source' {
  const source: string;
  export default source;
}
