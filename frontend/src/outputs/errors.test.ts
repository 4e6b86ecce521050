import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { ErrorOutput, Status } from '../protocol.gen';
import ErrorView from './ErrorView.svelte';
import Outputs from './Outputs.svelte';
import { atPlace } from './marked';
import Source from './Source.svelte';
import { foldTraceback } from './traceback';

const OWN = ['  File "<entry-3>", line 2, in <module>', '    f(1)', '    ~^^^'];
const LIBRARY = ['  File "/lib/python314.zip/json/decoder.py", line 9, in decode', '    raise x'];
const HEAD = 'Traceback (most recent call last):';

describe('a traceback', () => {
  it('keeps steps of one’s own and counts those of libraries', () => {
    const whole = [HEAD, ...OWN, ...LIBRARY, ...LIBRARY, ...OWN].join('\n');
    expect(foldTraceback(whole)).toBe(
      [HEAD, ...OWN, '  … 2 steps inside libraries', ...OWN].join('\n'),
    );
  });

  it('that is short and one’s own stays whole', () => {
    expect(foldTraceback([HEAD, ...OWN].join('\n'))).toBeNull();
    expect(foldTraceback('')).toBeNull();
  });

  it('keeps the heading of a second exception', () => {
    const between = ['', 'During handling of the above exception, another occurred:', ''];
    const whole = [HEAD, ...LIBRARY, 'KeyError: 1', ...between, HEAD, ...OWN].join('\n');
    expect(foldTraceback(whole)).toContain('KeyError: 1\n\nDuring handling');
  });

  it('that is long keeps its ends', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);
    expect(foldTraceback(lines.join('\n'))?.split('\n')).toHaveLength(21);
  });
});

describe('a run that was stopped', () => {
  const error: ErrorOutput = {
    type: 'error',
    ename: 'KeyboardInterrupt',
    evalue: '',
    traceback: [HEAD, ...OWN, 'KeyboardInterrupt'],
    hint: null,
    place: { line: 2, column: 4, endColumn: 8 },
  };
  const show = (status: Status, shown = error) => {
    const { container } = render(Outputs, { outputs: [shown], number: 1, session: 's', status });
    return container;
  };

  it('says so in one line, and where on request', () => {
    const container = show('interrupted');
    expect(container.querySelector('p')?.textContent.trim()).toBe('Stopped. Line 2 was running.');
    expect(container.querySelector('details')?.open).toBe(false);
    expect(container.querySelector('details')?.textContent).toContain('f(1)');
    expect(container.textContent).not.toContain('KeyboardInterrupt');
  });

  it('says that the time was up', () => {
    expect(show('timeout').querySelector('p')?.textContent).toContain('The time was up.');
  });

  it('stays an error where it is one', () => {
    expect(show('error').textContent).toContain('KeyboardInterrupt');
    expect(show('interrupted', { ...error, ename: 'ValueError' }).textContent).toContain(
      'ValueError',
    );
  });
});

describe('the failing place', () => {
  const place = (line: number, column: number | null, endColumn: number | null) => ({
    line,
    column,
    endColumn,
  });

  it('parts the source without losing a letter', () => {
    const source = 'a = 1\nb = "😀" + 1\nc';
    const marked = atPlace(source, place(2, 4, 12));
    expect(marked).toEqual({
      before: 'a = 1\n',
      start: 'b = ',
      failing: '"😀" + 1',
      end: '\n',
      after: 'c',
    });
  });

  it.each([
    [place(9, 0, 1), null],
    [place(1, 50, 60), ''],
    [place(1, 3, 1), ''],
    [place(1, null, null), ''],
  ])('survives a forged %j', (where, failing) => {
    expect(atPlace('x = 1', where)?.failing ?? null).toBe(failing);
  });

  it('is marked with more than colour', () => {
    const { container } = render(Source, { source: 'a\nb + c\nd', place: place(2, 4, 5) });
    expect(container.querySelector('.failing')?.textContent).toBe('c');
    expect(container.textContent).toContain('The error is on this line: b + c');
    expect(container.querySelector('.mark')?.textContent).toBe('✗');
  });
});

describe('an error', () => {
  const error: ErrorOutput = {
    type: 'error',
    ename: 'ValueError',
    evalue: 'no',
    traceback: [HEAD, ...OWN, ...LIBRARY, 'ValueError: no'],
    hint: 'Write `int(x)` <b>here</b>.',
    place: null,
  };

  it('says the hint as text, its code as code', () => {
    const { container } = render(ErrorView, { error });
    expect(container.querySelector('.hint code')?.textContent).toBe('int(x)');
    expect(container.querySelector('b')).toBeNull();
    expect(container.textContent).toContain('<b>here</b>');
  });

  it('shows the whole traceback on request', async () => {
    const { container } = render(ErrorView, { error });
    expect(container.textContent).not.toContain('decoder.py');
    await fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(container.textContent).toContain('decoder.py');
  });
});
