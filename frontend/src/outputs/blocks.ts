/** Groups an entry's outputs for showing: neighbouring chunks of one stream are one block. */
import type {
  DisplayData,
  ErrorOutput,
  ExecuteResult,
  Output,
  StreamOutput,
} from '../protocol.gen';

export type Bundle = DisplayData | ExecuteResult;

export type Block =
  | { key: number; kind: 'stream'; name: StreamOutput['name']; chunks: StreamOutput[] }
  | { key: number; kind: 'bundle'; bundle: Bundle }
  | { key: number; kind: 'error'; error: ErrorOutput };

/** The blocks in order; a block's key is the place of its first output and so never changes. */
export function toBlocks(outputs: readonly Output[]): Block[] {
  const blocks: Block[] = [];
  outputs.forEach((output, key) => {
    const last = blocks.at(-1);
    switch (output.type) {
      case 'stream':
        if (last?.kind === 'stream' && last.name === output.name) last.chunks.push(output);
        else blocks.push({ key, kind: 'stream', name: output.name, chunks: [output] });
        break;
      case 'error':
        blocks.push({ key, kind: 'error', error: output });
        break;
      case 'display_data':
      case 'execute_result':
        blocks.push({ key, kind: 'bundle', bundle: output });
        break;
      default:
        output satisfies never;
    }
  });
  return blocks;
}
