import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The texts of all tests, and the names of golden cases. */
const everything = async (): Promise<string> => {
  const files = await readdir(join(ROOT, 'test'), { recursive: true });
  const tests = files.filter((file) => file.endsWith('.test.ts') && !file.startsWith('docs'));
  const texts = await Promise.all(tests.map((file) => readFile(join(ROOT, 'test', file), 'utf8')));
  return [...texts, ...files.filter((file) => file.endsWith('.in.yaml'))].join('\n');
};

it('docs/compatibility.md names cases that exist', async () => {
  const document = await readFile(join(ROOT, 'docs/compatibility.md'), 'utf8');
  const [, table = ''] = document.split('## Rules, and the cases that show them');
  const cases = table
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .flatMap(
      (line) =>
        line
          .split(' | ')
          .at(-1)
          ?.match(/`[^`]+`/g) ?? [],
    )
    .map((name) => name.slice(1, -1));
  const text = await everything();
  expect(cases.length).toBeGreaterThan(20);
  expect(cases.filter((name) => !text.includes(name))).toEqual([]);
});
