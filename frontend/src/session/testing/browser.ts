/** A browser for tests: one database, one set of locks, any number of tabs on one session. */
import 'fake-indexeddb/auto';
import type { CreateRuntime } from '../../runtime/interface';
import { makeApi, type PlaygroundApi } from '../api';
import { LiveSession } from '../live';
import { Calculator } from './calculator';
import { TestLocks } from './locks';
import type { TestServer } from './server';

export interface Tab {
  live: LiveSession;
  api: PlaygroundApi;
  storage: Storage;
  /** The runtime that the tab has now. */
  runtime(): Calculator;
  /** Closes the tab as a crash would: nothing more is sent, its locks come free. */
  close(): void;
}

export class TestBrowser {
  readonly locks = new TestLocks();
  readonly gone: string[] = [];

  constructor(
    private readonly server: TestServer,
    private readonly user = 'ada',
  ) {}

  async open(storage: Storage = memoryStorage()): Promise<Tab> {
    const before = new Set(this.locks.held());
    const made: Calculator[] = [];
    const create: CreateRuntime = (_parent, progress) => {
      progress('Starting…');
      const runtime = new Calculator();
      made.push(runtime);
      return runtime;
    };
    const page = {
      state: structuredClone(this.server.state),
      name: 'Ada',
      role: 'owner' as const,
      user: this.user,
      limits: { variableBytes: 1e6, fileBytes: 1e6, totalBytes: 1e7 },
    };
    const live = new LiveSession(page, create, document.body, {
      locks: this.locks.manager(),
      storage,
      serverOf: (session) => this.server.of(session).http(),
      openSocket: (address) => this.server.of(address.split('/').at(-1) ?? '').open(),
      go: (url) => this.gone.push(url),
    });
    await live.start();
    const held = this.locks.held().filter((name) => !before.has(name));
    return {
      live,
      api: makeApi(live),
      storage,
      runtime: () => {
        const runtime = made.at(-1);
        if (!runtime) throw new Error('no runtime was made');
        return runtime;
      },
      close: () => {
        live.stop();
        // What a crash leaves unfinished is never written.
        live.outbox.add = () => Promise.resolve(false);
        this.locks.free(...held);
      },
    };
  }
}

export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  } as unknown as Storage;
}
