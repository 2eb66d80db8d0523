import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REASONS } from '../../shared/model/reasons.ts';

it('docs/reasons.md lists every code with its sentence, and no other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/reasons.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(Object.entries(REASONS).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`));
});
