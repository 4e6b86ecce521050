// Generated from sessions_app/protocol/ by `make protocol`. Do not edit.

export const CLOSE_FLOOD = 4429;

export const CLOSE_FORBIDDEN = 4403;

export const CLOSE_GONE = 4410;

export const CLOSE_PROTOCOL = 4400;

export const CLOSE_SIGNED_OUT = 4401;

export const DEFAULT_TITLE = 'New session';

export const MAX_DELETED = 200;

export const MAX_FILES = 2000;

export const MAX_FRAME_BYTES = 262144;

export const MAX_HINT_CHARS = 1000;

export const MAX_INLINE_CHARS = 65536;

export const MAX_MANIFEST_VARIABLES = 300;

export const MAX_OUTPUTS = 2000;

export const MAX_REMAKES = 100;

export const MAX_SOURCE_CHARS = 100000;

export const MAX_STREAM_CHARS = 1000000;

export const MAX_UNACKNOWLEDGED_OPERATIONS = 64;

export const MAX_UNCONFIRMED_BYTES = 1048576;

export const MAX_VARIABLES = 2000;

export const PROTOCOL_VERSION = 3;

export const STREAM_CHUNK_CHARS = 16384;

/** A snapshot's content: units of variables, files and folders, and what was left out. */
export interface Manifest {
  format: 1;
  runtime: ManifestRuntime;
  units: readonly ManifestUnit[];
  files: readonly ManifestFile[];
  directories: readonly string[];
  unsaved: readonly Unsaved[];
  variables: readonly ManifestVariable[] | null;
}

/** A file of the home folder: its relative path, content and time of change. */
export interface ManifestFile {
  path: string;
  blob: BlobRef;
  modifiedAt: number;
}

/** The runtime that made a snapshot: name (``python``), language version, build hash. */
export interface ManifestRuntime {
  name: string;
  version: string;
  hash: string;
}

/** What is saved and restored together: the names in it and the blob that holds it. */
export interface ManifestUnit {
  names: readonly string[];
  blob: BlobRef;
}

/** How a variable looked when it was saved: for people who look back, not for restoring. */
export interface ManifestVariable {
  name: string;
  type: string;
  sizeBytes: number;
  preview: string;
  shape: string | null;
  content: string | null;
  entry: number | null;
  line: number | null;
}

/** Operation ``n`` of ``client`` is durable as ``seq``, at ``at``. */
export interface Ack {
  type: 'ack';
  client: string;
  n: number;
  seq: number;
  at: number;
}

/** Asks to become the runner, after all unsent operations were pushed. */
export interface AcquireLease {
  type: 'acquire_lease';
  takeover: boolean;
}

export type ClientMessage = Hello | Push | AcquireLease | ReleaseLease | Received | Ping;

/** The first message: who speaks, for which tab, and the last operation it has. */
export interface Hello {
  type: 'hello';
  protocol: number;
  client: string;
  tab: string;
  epoch: string;
  seq: number;
  user: number | null;
}

/** This tab is the runner, under ``fence``. */
export interface LeaseGranted {
  type: 'lease_granted';
  fence: number;
}

/** Another tab is the runner; with a takeover it has been asked to hand over. */
export interface LeaseRefused {
  type: 'lease_refused';
  runner: Runner | null;
  message: string;
}

/** To the runner: ``tab`` of ``name`` asks for the lease. */
export interface LeaseWanted {
  type: 'lease_wanted';
  tab: string;
  name: string;
}

/** Operation ``n`` of ``client`` was refused; it changed nothing and is not to be sent again, but for ``expect``. */
export interface Nack {
  type: 'nack';
  client: string;
  n: number;
  code: NackCode;
  message: string;
  expect: number | null;
}

export type NackCode = 'expect' | 'fenced' | 'invalid' | 'forbidden' | 'missing' | 'limit' | 'storage';

/** Operations of others (and the server's), in order. */
export interface Operations {
  type: 'operations';
  records: readonly Record[];
}

/** Somebody who has the session open, in ``tabs`` tabs. */
export interface Person {
  name: string;
  role: Role;
  tabs: number;
}

/** Sent every 10 s; a peer that is silent for 25 s is taken for gone. */
export interface Ping {
  type: 'ping';
}

/** The answer to ``ping``. */
export interface Pong {
  type: 'pong';
}

/** Who has the session open now. */
export interface Presence {
  type: 'presence';
  people: readonly Person[];
}

/** Operations of ``client`` in the order of their numbers. */
export interface Push {
  type: 'push';
  client: string;
  operations: readonly Sent[];
}

/** Confirms all frames up to operation ``seq``: the server may send more. */
export interface Received {
  type: 'received';
  seq: number;
}

/** A message could not be used; the socket stays open. Too many of them close it. */
export interface Refused {
  type: 'refused';
  code: 'forbidden' | 'invalid' | 'limit' | 'too-large';
  message: string;
}

/** The runner gives its lease up, for ``reserved`` if that tab asked for it. */
export interface ReleaseLease {
  type: 'release_lease';
  fence: number;
  reserved: string | null;
}

/** An operation on its way to the server, numbered by its client. */
export interface Sent {
  n: number;
  fence: number;
  operation: AnyOperation;
}

export type ServerMessage = Welcome | Operations | Ack | Nack | LeaseGranted | LeaseRefused | LeaseWanted | Presence | Pong | Refused;

/** The answer to ``hello``. With ``resync`` the browser fetches the state over HTTP, then says hello again; otherwise newer operations follow. ``acknowledged`` is the highest number that the server has from this client, and ``forks`` whether this person may read saved values and make a session of their own from this one. */
export interface Welcome {
  type: 'welcome';
  protocol: number;
  epoch: string;
  seq: number;
  name: string;
  role: Role;
  resync: boolean;
  acknowledged: number;
  forks: boolean;
}

export type AnyOperation = StartExecution | AppendOutput | FinishExecution | DeleteEntry | RestoreEntry | ReturnSnapshot | PinEntry | SetVariables | SetFiles | SnapshotSaved | RestoreSnapshot | LabelSnapshot | SetRemake | RemoveSnapshots | SetRunner | SetTitle;

/** Outputs of a running entry, in order. */
export interface AppendOutput {
  type: 'append_output';
  number: number;
  outputs: readonly Output[];
}

/** Entries become tombstones: source and outputs go, the numbers stay used. */
export interface DeleteEntry {
  type: 'delete_entry';
  numbers: readonly number[];
}

/** An entry's run ended. ``lost`` is set by the server alone. */
export interface FinishExecution {
  type: 'finish_execution';
  number: number;
  status: FinalStatus;
  durationMs: number;
  lost: boolean;
}

/** A snapshot gets a name, or loses it. Those with one are the last to be removed. */
export interface LabelSnapshot {
  type: 'label_snapshot';
  snapshot: string;
  label: string | null;
}

/** An entry is pinned, or no longer. */
export interface PinEntry {
  type: 'pin_entry';
  number: number;
  pinned: boolean;
}

/** An operation in its place: ``seq`` in the session, ``at`` the server's clock in ms. */
export interface Record {
  seq: number;
  at: number;
  client: string;
  n: number;
  fence: number;
  operation: AnyOperation;
}

/** The server made room: these snapshots are gone. Never the head. */
export interface RemoveSnapshots {
  type: 'remove_snapshots';
  snapshots: readonly string[];
}

/** Gives a tombstone its text back, from the page that deleted it. */
export interface RestoreEntry {
  type: 'restore_entry';
  number: number;
  source: string;
  outputs: readonly Output[];
  path: string | null;
  pinned: boolean;
  more: boolean;
}

/** The head moves to an earlier or later snapshot; entries stay, a mark says so. */
export interface RestoreSnapshot {
  type: 'restore_snapshot';
  snapshot: string | null;
}

/** A snapshot that went with its deleted entry is there again, after the entry itself. */
export interface ReturnSnapshot {
  type: 'return_snapshot';
  snapshot: SnapshotInfo;
  children: readonly string[];
}

/** Rows of the file list that changed and paths that are gone. */
export interface SetFiles {
  type: 'set_files';
  changed: readonly FileRow[];
  removed: readonly string[];
}

/** A variable that cannot be saved is made again by itself after loading, or no longer. */
export interface SetRemake {
  type: 'set_remake';
  name: string;
  always: boolean;
}

/** The lease changed hands, by the server alone. */
export interface SetRunner {
  type: 'set_runner';
  runner: Runner | null;
  reserved: string | null;
}

/** The session is renamed. */
export interface SetTitle {
  type: 'set_title';
  title: string;
  automatic: boolean;
}

/** Rows of the variable table that changed and names that are gone. */
export interface SetVariables {
  type: 'set_variables';
  changed: readonly VariableRow[];
  removed: readonly string[];
}

/** A snapshot whose blobs the server already has; it becomes the head. */
export interface SnapshotSaved {
  type: 'snapshot_saved';
  snapshot: string;
  number: number;
  cause: Cause;
  manifest: BlobRef;
  bytes: number;
  parent: string | null;
  unsaved: readonly Unsaved[];
}

/** An entry begins to run; its number must be the next free one. */
export interface StartExecution {
  type: 'start_execution';
  number: number;
  source: string;
  kind: EntryKind;
  origin: number | null;
  path: string | null;
}

/** Names a blob: the SHA-256 of its uncompressed bytes and their count. */
export interface BlobRef {
  hash: string;
  size: number;
}

export type Cause = 'execution' | 'files' | 'edit' | 'clear' | 'reset';

/** A mimebundle shown by ``display()``; values above 64 K characters are blobs. */
export interface DisplayData {
  type: 'display_data';
  data: { [key: string]: string };
  blobs: { [key: string]: BlobRef };
}

/** One input in the transcript with its outputs, executed once. */
export interface Entry {
  number: number;
  source: string;
  status: Status;
  executedAt: number;
  fence: number;
  durationMs: number | null;
  outputs: readonly Output[];
  lost: boolean;
  deleted: boolean;
  pinned: boolean;
  kind: EntryKind | 'imported';
  origin: number | null;
  path: string | null;
}

export type EntryKind = 'code' | 'command' | 'file';

/** An exception, with the traceback as display lines without the playground's own frames. */
export interface ErrorOutput {
  type: 'error';
  ename: string;
  evalue: string;
  traceback: readonly string[];
  hint: string | null;
  place: Place | null;
}

/** The mimebundle of an entry's last expression. */
export interface ExecuteResult {
  type: 'execute_result';
  data: { [key: string]: string };
  blobs: { [key: string]: BlobRef };
}

/** One file of the session's home folder; ``modified_at`` in milliseconds since 1970. */
export interface FileRow {
  path: string;
  sizeBytes: number;
  modifiedAt: number;
}

export type FinalStatus = 'ok' | 'error' | 'interrupted' | 'timeout';

/** A line in the transcript after entry ``after``: the head moved without a run. */
export interface Mark {
  after: number;
  kind: 'clear' | 'reset' | 'restore';
  at: number;
  to: number | null;
}

export type Output = StreamOutput | DisplayData | ExecuteResult | ErrorOutput;

/** A place in an entry's source: a line from 1, columns from 0 in UTF-16 units. */
export interface Place {
  line: number;
  column: number | null;
  endColumn: number | null;
}

export type Role = 'owner' | 'editor' | 'viewer';

/** The one tab that executes: its lease's fencing number and who it is. */
export interface Runner {
  tab: string;
  client: string;
  member: string;
  fence: number;
}

/** All that a session is, as of operation ``seq`` of ``epoch``. */
export interface SessionState {
  id: string;
  epoch: string;
  seq: number;
  title: string;
  nextNumber: number;
  entriesFrom: number;
  entries: readonly Entry[];
  variables: readonly VariableRow[];
  files: readonly FileRow[];
  snapshots: readonly SnapshotInfo[];
  head: string | null;
  marks: readonly Mark[];
  remakes: readonly string[];
  runner: Runner | null;
  reserved: string | null;
}

/** A snapshot as listed. ``bytes`` is what its save sent (compressed, manifest included). */
export interface SnapshotInfo {
  id: string;
  number: number;
  cause: Cause;
  manifest: BlobRef;
  bytes: number;
  createdAt: number;
  parent: string | null;
  unsaved: readonly Unsaved[];
  label: string | null;
}

export type Status = 'queued' | 'running' | 'ok' | 'error' | 'interrupted' | 'timeout';

/** Text written to stdout or stderr. */
export interface StreamOutput {
  type: 'stream';
  name: 'stderr' | 'stdout';
  text: string;
}

/** A variable or file that a snapshot leaves out, with the reason in plain words. */
export interface Unsaved {
  name: string;
  reason: string;
}

/** One row of the variable table. ``size_bytes`` is the runtime's estimate. */
export interface VariableRow {
  name: string;
  type: string;
  sizeBytes: number;
  preview: string;
  saved: boolean;
  reason: string | null;
  shape: string | null;
  entry: number | null;
  missing: boolean;
}
