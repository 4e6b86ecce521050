import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { Output } from '../protocol.gen';
import Outputs from './Outputs.svelte';

const show = (...outputs: Output[]) =>
  render(Outputs, { outputs, number: 7, session: 'abc' }).container;

const HOSTILE = '<img src=x onerror="globalThis.stolen = 1"><script>globalThis.stolen = 1</script>';

describe('outputs', () => {
  it('show streams and errors as text, whatever is in them', () => {
    const container = show(
      { type: 'stream', name: 'stdout', text: HOSTILE },
      {
        type: 'error',
        ename: HOSTILE,
        evalue: HOSTILE,
        traceback: [HOSTILE],
        hint: HOSTILE,
        place: null,
      },
      { type: 'execute_result', data: { 'text/plain': HOSTILE }, blobs: {} },
    );
    expect(container.querySelector('img, script')).toBeNull();
    expect(container.textContent.split('<img src=x').length - 1).toBe(6);
  });

  it('show HTML only in a frame that can run nothing', () => {
    const data = { 'text/html': HOSTILE, 'text/plain': 'plain' };
    const container = show({ type: 'display_data', data, blobs: {} });
    const frame = screen.getByTitle('Output of #7');
    expect(frame.tagName).toBe('IFRAME');
    expect(frame.getAttribute('sandbox')).toBe('allow-same-origin');
    expect(frame.getAttribute('srcdoc')).toContain("default-src 'none'");
    expect(frame.getAttribute('srcdoc')).not.toContain('onerror');
    expect(container.querySelector('img, script')).toBeNull();
  });

  it('show SVG as a picture, never as elements', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const container = show({ type: 'display_data', data: { 'image/svg+xml': svg }, blobs: {} });
    expect(container.querySelector('script')).toBeNull();
    expect(screen.getByRole('img').getAttribute('src')).toMatch(/^data:image\/svg\+xml/);
  });

  it('mark stderr with a word', () => {
    show({ type: 'stream', name: 'stderr', text: 'careful' });
    expect(screen.getByText('stderr')).toBeTruthy();
  });

  it('do not repeat the last line of a traceback', () => {
    const traceback = ['Traceback (most recent call last):\n', 'ValueError: no\n'];
    const container = show({
      type: 'error',
      ename: 'ValueError',
      evalue: 'no',
      traceback,
      hint: null,
      place: null,
    });
    expect(container.textContent.match(/ValueError/g)).toHaveLength(1);
  });

  it('fold long text and show all of it on request', async () => {
    const text = Array.from({ length: 1_000 }, (_, number) => `row ${number}\n`).join('');
    const container = show({ type: 'stream', name: 'stdout', text });
    expect(container.textContent).toContain('940 more lines');
    expect(container.textContent).not.toContain('row 500\n');
    await fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(container.textContent).toContain(text.trim());
  });
});
