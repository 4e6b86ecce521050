// @vitest-environment node
/** The shared fixtures of operations, applied by the reducer; see tests/contract/test_state.py. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Record as OperationRecord, SessionState } from '../protocol.gen';
import { applyOperation, Invalid } from './reducer';

interface Case {
  name: string;
  state: SessionState;
  records: OperationRecord[];
  expect?: Partial<SessionState>;
  invalid?: string;
}

const folder = fileURLToPath(new URL('../../../tests/fixtures/operations/', import.meta.url));

for (const file of readdirSync(folder).sort()) {
  const cases = JSON.parse(readFileSync(folder + file, 'utf8')) as Case[];
  describe(file, () => {
    it.each(cases)('$name', ({ state, records, expect: changes, invalid }) => {
      const before = structuredClone(state);
      let result: SessionState | Invalid = state;
      for (const record of records) {
        if (result instanceof Invalid) throw new Error(result.reason);
        result = applyOperation(result, record);
      }
      expect(state).toEqual(before);
      if (invalid !== undefined) expect(result).toEqual(new Invalid(invalid));
      else expect(result).toEqual({ ...state, ...changes });
    });
  });
}
