/** Outputs of a run: what a session keeps, what the caller gets, what fits a frame. */
import { describe, expect, it } from 'vitest';
import { MAX_OUTPUTS, MAX_STREAM_CHARS, type AppendOutput, type Output } from '../protocol.gen';
import { joinOutputs } from './reducer';
import { Run } from './run';
import { wireBytes } from './sizes';

function collect() {
  const operations: AppendOutput[] = [];
  const needs: string[][] = [];
  let kept: Output[] = [];
  const run = new Run(1, {
    append: (operation, needed) => {
      operations.push(operation);
      needs.push(needed);
      kept = joinOutputs(kept, operation.outputs);
    },
    pin: () => undefined,
    count: () => kept.length,
  });
  return { run, operations, needs, kept: () => kept };
}

const print = (text: string, name: 'stdout' | 'stderr' = 'stdout'): Output => ({
  type: 'stream',
  name,
  text,
});

const streamed = (outputs: readonly Output[]) =>
  outputs.reduce((sum, output) => sum + (output.type === 'stream' ? output.text.length : 0), 0);

describe('run', () => {
  it('gives the outcome by kind', async () => {
    const { run } = collect();
    run.take([
      print('a\n'),
      print('b\n', 'stderr'),
      print('c'),
      { type: 'display_data', data: { 'text/plain': 'd' }, blobs: {} },
      { type: 'execute_result', data: { 'text/plain': '1' }, blobs: {} },
      { type: 'error', ename: 'E', evalue: 'v', traceback: ['t'], hint: 'h', place: null },
    ]);
    await run.finish();
    expect(run.outcome('error', 3)).toEqual({
      number: 1,
      status: 'error',
      stdout: 'a\nc',
      stderr: 'b\n',
      displays: [{ 'text/plain': 'd' }],
      result: { 'text/plain': '1' },
      error: { ename: 'E', evalue: 'v', traceback: ['t'], hint: 'h' },
      durationMs: 3,
    });
  });

  it('keeps at most 1 MB of text and says what is missing', async () => {
    const { run, kept } = collect();
    for (let line = 0; line < 3; line += 1) run.take([print('x'.repeat(600_000))]);
    await run.finish();
    const { stdout } = run.outcome('ok', 1);
    expect(stdout.slice(MAX_STREAM_CHARS)).toBe(
      '\n[Output was cut: 800000 more characters were not kept.]\n',
    );
    expect(streamed(kept())).toBe(stdout.length);
  });

  it('keeps every operation within a frame, whatever the text is made of', async () => {
    const { run, operations, kept } = collect();
    run.take([print('\u0000'.repeat(200_000)), print('😀'.repeat(50_000), 'stderr')]);
    const traceback = Array.from({ length: 5_000 }, () => '\u0001'.repeat(9_000));
    const texts = { ename: 'E'.repeat(999), evalue: 'v'.repeat(70_000), traceback };
    run.take([{ type: 'error', ...texts, hint: 'h', place: null }]);
    await run.finish();
    expect(Math.max(...operations.map(wireBytes))).toBeLessThan(200_000);
    const emoji = kept().filter((output) => output.type === 'stream' && output.name === 'stderr');
    expect(emoji.every((output) => output.type === 'stream' && output.text.isWellFormed())).toBe(
      true,
    );
    expect(streamed(kept())).toBe(300_000);
  });

  it('keeps at most 2,000 outputs and says so', async () => {
    const { run, kept } = collect();
    for (let line = 0; line < 3_000; line += 1)
      run.take([print(`${line}\n`, line % 2 ? 'stdout' : 'stderr')]);
    await run.finish();
    expect(kept().length).toBeLessThanOrEqual(MAX_OUTPUTS);
    expect(run.outcome('ok', 1).stderr).toContain('more outputs were not kept');
  });

  it('moves large values into blobs and keeps the order of what follows', async () => {
    const { run, operations, needs } = collect();
    const large = 'y'.repeat(70_000);
    run.take([
      { type: 'display_data', data: { 'text/html': large, 'text/plain': 's' }, blobs: {} },
    ]);
    run.take([print('after')]);
    expect(operations).toEqual([]);
    await run.finish();
    const [first, second] = operations.map(({ outputs }) => outputs[0]);
    expect(first).toMatchObject({ data: { 'text/plain': 's' } });
    const ref = first?.type === 'display_data' ? first.blobs['text/html'] : undefined;
    expect(ref?.size).toBe(70_000);
    expect(needs).toEqual([[ref?.hash], []]);
    expect(second).toEqual(print('after'));
    expect(run.outcome('ok', 1).displays[0]?.['text/html']).toBe(large);
  });
});
