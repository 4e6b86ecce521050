// @vitest-environment node
/** Table rows: which entry a variable last changed in. */
import { describe, expect, it } from 'vitest';
import { variableRows } from './rows';

const variable = (name: string, preview: string) => ({
  name,
  type: 'int',
  sizeBytes: 28,
  preview,
  shape: null,
  remark: null,
  content: null,
  entry: null,
  line: null,
});

describe('variableRows', () => {
  it('names the entry in whose run a variable appeared or changed', () => {
    const first = variableRows([variable('a', '1'), variable('b', '2')], [], [], 1);
    expect(first.map(({ entry }) => entry)).toEqual([1, 1]);
    const second = variableRows([variable('a', '1'), variable('b', '3')], [], first, 2);
    expect(second.map(({ name, entry }) => [name, entry])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('says of a variable why it is not saved, or what is not kept of it', () => {
    const cached = { ...variable('f', 'f'), remark: 'its cache starts empty' };
    const rows = variableRows([cached, variable('g', 'g')], [{ name: 'g', reason: 'busy' }], [], 1);
    expect(rows).toMatchObject([
      { saved: true, reason: 'its cache starts empty' },
      { saved: false, reason: 'busy' },
    ]);
    expect(variableRows([{ ...cached, remark: null }], [], rows, 2)).toMatchObject([
      { saved: true, reason: null, entry: 1 },
    ]);
  });

  it('does not name an entry for what no run changed', () => {
    const shown = variableRows([variable('a', '1'), variable('b', '2')], [], [], 4);
    const back = variableRows([variable('a', '0'), variable('b', '2')], [], shown, null);
    expect(back.map(({ entry }) => entry)).toEqual([null, 4]);
  });

  it('keeps the entry of what was brought back and takes other room now', () => {
    const shown = variableRows([variable('a', '1')], [], [], 4);
    const larger = { ...variable('a', '1'), sizeBytes: 92 };
    expect(variableRows([larger], [], shown, null)).toMatchObject([{ sizeBytes: 92, entry: 4 }]);
    expect(variableRows([larger], [], shown, 5)).toMatchObject([{ sizeBytes: 92, entry: 5 }]);
  });

  it('keeps the entry when only the saving of a variable changed', () => {
    const shown = variableRows([variable('a', '1')], [], [], 4);
    const unsaved = [{ name: 'a', reason: 'too large' }];
    const [row] = variableRows([variable('a', '1')], unsaved, shown, 5);
    expect(row).toMatchObject({ saved: false, reason: 'too large', entry: 4 });
  });

  it('says what is not here, and still which entry made it', () => {
    const shown = variableRows([variable('g', '<generator>')], [], [], 4);
    const missing = [{ name: 'g', reason: 'a generator', missing: true }];
    const back = variableRows([variable('g', '<not saved>')], missing, shown, null);
    expect(back).toMatchObject([{ saved: false, missing: true, entry: 4 }]);
    const [here] = variableRows([variable('g', '<generator>')], [], back, 5);
    expect(here).toMatchObject({ saved: true, missing: false, entry: 5 });
  });
});
