import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';

import FileRun from './FileRun.svelte';

it('names the file that was run and folds its text', () => {
  const { container } = render(FileRun, { path: 'main\u202e.py', source: 'print(1)', place: null });
  expect(screen.getByText('Ran main⟨U+202E⟩.py')).toBeTruthy();
  expect(container.querySelector('details')?.open).toBe(false);
  expect(container.textContent).toContain('print(1)');
});
