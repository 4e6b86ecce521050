/**
 * The heap of a started Python, as the distribution packs it: without its empty pages.
 * `pyodide/distribution/packing.py` writes it and describes the format.
 */

const PAGE = 4096;

/** Bytes before the runs. */
const FIXED = 12;

export class Image {
  /** What Pyodide checks before it takes a heap, and needs to go on with it. */
  readonly header: Uint8Array;
  readonly heapBytes: number;
  readonly #runs: Uint32Array;
  readonly #pages: Uint8Array;

  /** Throws when the bytes are no image. */
  constructor(bytes: ArrayBuffer) {
    const [header, heap, runs] = new Uint32Array(bytes.slice(0, FIXED));
    if (header === undefined || heap === undefined || runs === undefined)
      throw new RangeError('it is too short');
    const headerAt = FIXED + 8 * runs;
    this.heapBytes = heap;
    this.#runs = new Uint32Array(bytes, FIXED, 2 * runs);
    this.header = new Uint8Array(bytes.slice(headerAt, headerAt + header));
    this.#pages = new Uint8Array(bytes, headerAt + header);
    let pages = 0;
    for (let i = 1; i < this.#runs.length; i += 2) pages += this.#runs[i] ?? 0;
    if (this.#pages.length !== pages * PAGE) throw new RangeError('it has another length');
  }

  /**
   * Makes `heap`, which must be large enough, equal to the image; what is beyond it is emptied. From
   * `used` on, in bytes, the heap must be empty: what was never written costs nothing before it is.
   */
  copyTo(heap: Int8Array, used = heap.length): void {
    let from = 0;
    let end = 0;
    for (let i = 0; i < this.#runs.length; i += 2) {
      const start = (this.#runs[i] ?? 0) * PAGE;
      const length = (this.#runs[i + 1] ?? 0) * PAGE;
      if (end < used) heap.fill(0, end, Math.min(start, used));
      heap.set(this.#pages.subarray(from, from + length), start);
      from += length;
      end = start + length;
    }
    if (end < used) heap.fill(0, end, used);
  }
}
