/** Entries, states and manifests for the tests of this folder. */
import type { Entry, Manifest, ManifestVariable, SnapshotInfo } from '../protocol.gen';

export const entry = (number: number, change: Partial<Entry> = {}): Entry => ({
  number,
  source: `x = ${number}`,
  status: 'ok',
  executedAt: number * 1_000,
  fence: 1,
  durationMs: 1,
  outputs: [],
  lost: false,
  deleted: false,
  pinned: false,
  kind: 'code',
  origin: null,
  path: null,
  ...change,
});

export const snapshot = (number: number, change: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  id: `s${number}`,
  number,
  cause: 'execution',
  manifest: { hash: 'f'.repeat(64), size: 1 },
  bytes: 1,
  createdAt: number * 1_000 + 500,
  parent: null,
  unsaved: [],
  label: null,
  ...change,
});

export const manifest = (change: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  runtime: { name: 'python', version: '3.14', hash: 'h' },
  units: [],
  files: [],
  directories: [],
  unsaved: [],
  variables: [],
  ...change,
});

export const found = (
  name: string,
  preview: string,
  change: Partial<ManifestVariable> = {},
): ManifestVariable => ({
  name,
  type: 'int',
  sizeBytes: 8,
  preview,
  shape: null,
  content: null,
  entry: null,
  line: null,
  ...change,
});
