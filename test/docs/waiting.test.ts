import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WAITING } from '../../shared/model/waiting.ts';

it('docs/rollout.md lists every reason for waiting with its sentence, and no other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/rollout.md'), 'utf8');
  const [, table = ''] = text.split('| reason | the Pod |\n');
  const rows = table.split('\n\n')[0]?.split('\n').slice(1);
  expect(rows).toEqual(
    Object.entries(WAITING).map(([reason, sentence]) => `| \`${reason}\` | ${sentence} |`),
  );
});
