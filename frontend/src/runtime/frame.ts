/**
 * Runs in the isolated frame, between the page and the worker.
 *
 * The frame has an opaque origin: it can reach nothing of the visitor's, and neither can the worker
 * that it starts. It alone holds the memory by which a busy worker is interrupted, and it ends the
 * worker when that does not obey. It answers the page that holds it, once, and nobody else.
 */
import workerSource from 'virtual:worker-source';

import { words } from '../i18n/runtime';
import { allocate, Control } from './control';
import { type Downward, readUpward, type ToWorker, type Upward } from './messages';
import { Rate } from './rate';

/** How often the frame says hello until the page answers. */
const HELLO_MS = 50;

/** A signal can be swallowed by a system call that is started again: it is repeated. */
const REPEAT_MS = 500;

/** How often the worker's deadline is looked at while it has a call other than a run. */
const WATCH_MS = 10;

/** Output that waits for company: at most so long, or so many characters. */
const GATHER_MS = 16;
const GATHER_CHARS = 64 * 1024;

/** Output that the page has not taken yet, in characters, before the worker is ended. */
const MAX_IN_FLIGHT = 80 * 1024 * 1024;

/** Messages that lead nowhere (`js.postMessage`) before the worker is ended. */
const MAX_STRAY = 3_000;

class Frame {
  readonly #memory = allocate();
  readonly #control = new Control(this.#memory);
  readonly #worker: Worker;
  readonly #workerPort: MessagePort;
  /** Questions and faults; output has its own way of being held back. */
  readonly #rate = new Rate(1_000, 3_000);
  /** Calls without an answer: nothing else is answered. */
  readonly #calls = new Set<string>();
  #run: string | null = null;
  #asked = false;
  #stray = 0;
  #outputs: string[] = [];
  #outputChars = 0;
  /** The sizes of what was sent to the page and not confirmed, in order. */
  readonly #unconfirmed: number[] = [];
  #inFlight = 0;
  #gathering: number | undefined;
  #repeating: number | undefined;
  #grace: number | undefined;
  #watching: number | undefined;
  #ended = false;

  constructor(
    private readonly page: MessagePort,
    worker: Worker,
  ) {
    this.#worker = worker;
    this.#worker.onmessage = () => this.#ignoreStray();
    this.#worker.onmessageerror = () => this.#ignoreStray();
    // Errors in callbacks of user code are its own affair.
    this.#worker.onerror = (event) => event.preventDefault();
    const { port1, port2 } = new MessageChannel();
    this.#workerPort = port1;
    port1.onmessage = ({ data }: MessageEvent<unknown>) => this.#fromWorker(data);
    this.#worker.postMessage({ port: port2, memory: this.#memory }, [port2]);
    page.onmessage = ({ data }: MessageEvent<Downward>) => this.#fromPage(data);
  }

  #fromPage(message: Downward): void {
    switch (message.type) {
      case 'boot':
      case 'file':
        return this.#toWorker(message);
      case 'call':
        this.#calls.add(message.id);
        if (message.call.name === 'execute') this.#run = message.id;
        else this.#watching ??= self.setInterval(() => this.#control.enforceDeadline(), WATCH_MS);
        return this.#toWorker(message, transferable(message));
      case 'interrupt':
        return this.#interrupt(message.graceMs);
      case 'answer':
        if (this.#asked && message.id === this.#run) this.#control.putAnswer(message.text);
        this.#asked = false;
        return;
      case 'confirm':
        return this.#confirmed();
    }
  }

  #fromWorker(data: unknown): void {
    const message = readUpward(data);
    if (this.#ended || message === null) return this.#ignoreStray();
    if (message.type === 'outputs') return this.#gather(message.id, message.texts);
    if (!this.#rate.take()) return this.#end(words.manyMessages);
    switch (message.type) {
      case 'reply':
      case 'refusal':
        // An honest worker answers once; a forged answer could be as large as memory.
        if (!this.#calls.delete(message.id)) return this.#ignoreStray();
        this.#send();
        if (message.id === this.#run) this.#runEnded();
        if (this.#calls.size === 0) this.#endWatch();
        return this.#toPage(message);
      case 'started':
        return message.id === this.#run ? this.#toPage(message) : undefined;
      case 'input':
        if (message.id !== this.#run) return;
        this.#send();
        this.#asked = true;
        return this.#toPage(message);
      case 'dead':
        return this.#end(message.reason);
      case 'booted':
        return this.#toPage(message);
    }
  }

  #interrupt(graceMs: number): void {
    if (this.#run === null || this.#grace !== undefined) return;
    const signal = () => {
      this.#control.interrupt();
      this.#toWorker({ type: 'cancel' });
    };
    this.#asked = false;
    this.#repeating = self.setInterval(signal, REPEAT_MS);
    this.#grace = self.setTimeout(() => {
      this.#end(words.notStopped);
    }, graceMs);
    signal();
  }

  #endWatch(): void {
    self.clearInterval(this.#watching);
    this.#watching = undefined;
  }

  #runEnded(): void {
    self.clearInterval(this.#repeating);
    self.clearTimeout(this.#grace);
    this.#repeating = this.#grace = undefined;
    this.#run = null;
    this.#asked = false;
    this.#control.clearInterrupt();
  }

  #gather(id: string, texts: string[]): void {
    if (id !== this.#run) return this.#ignoreStray();
    for (const text of texts) {
      this.#outputs.push(text);
      this.#outputChars += text.length;
    }
    // An honest worker waits for the page long before (control.ts).
    if (this.#inFlight + this.#outputChars > MAX_IN_FLIGHT) return this.#end(words.muchOutput);
    if (this.#outputChars >= GATHER_CHARS || this.#outputs.length >= 500) this.#send();
    else this.#gathering ??= self.setTimeout(() => this.#send(), GATHER_MS);
  }

  #send(): void {
    self.clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#run !== null && this.#outputs.length > 0) {
      this.#unconfirmed.push(this.#outputChars);
      this.#inFlight += this.#outputChars;
      this.#toPage({ type: 'outputs', id: this.#run, texts: this.#outputs });
    }
    this.#outputs = [];
    this.#outputChars = 0;
  }

  /** Only a page that has taken everything lets the worker go on: else its queue would grow. */
  #confirmed(): void {
    this.#inFlight -= this.#unconfirmed.shift() ?? 0;
    if (this.#unconfirmed.length === 0) this.#control.confirmOutput();
  }

  #ignoreStray(): void {
    this.#stray += 1;
    if (this.#stray > MAX_STRAY) this.#end(words.manyMessages);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    this.#runEnded();
    this.#endWatch();
    this.#toPage({ type: 'dead', reason });
  }

  #toWorker(message: ToWorker, transfer: Transferable[] = []): void {
    this.#workerPort.postMessage(message, transfer);
  }

  #toPage(message: Upward): void {
    this.page.postMessage(message, message.type === 'reply' ? message.buffers : []);
  }
}

function transferable({ call }: Downward & { type: 'call' }): Transferable[] {
  if (call.name === 'restore') return call.blobs;
  return call.name === 'write_file' ? [call.bytes] : [];
}

function startWorker(): Worker {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  return new Worker(url);
}

/** Accepts the port from the page that holds this frame: the first one, and only from there. */
function listen(app: string): void {
  // Its start takes a while, so it does not wait for the page, which may be busy loading.
  const worker = startWorker();
  const hello = () => parent.postMessage({ type: 'hello' }, app);
  // The frame may be there before the page's script, which would not hear the first word.
  const repeating = self.setInterval(hello, HELLO_MS);
  self.addEventListener('message', function accept({ source, origin, ports: [port] }) {
    if (source !== parent || origin !== app || !port) return;
    self.removeEventListener('message', accept);
    self.clearInterval(repeating);
    if (self.crossOriginIsolated) new Frame(port, worker);
    else port.postMessage({ type: 'dead', reason: words.noSharedMemory });
  });
  hello();
}

// `origin` is "null" in here; the address still tells whose frame this is.
if (parent !== self) listen(location.origin);
