import { expect, it } from 'vitest';
import { shownWarnings } from '../../../../../infra/local/cluster/api/warnings.ts';

it.each<[string, string[], string[]]>([
  ['each text once', ['a', 'b', 'a'], ['a', 'b']],
  ['no empty one, and none with control characters', ['', 'a\nb', 'a\u007f', 'a'], ['a']],
  ['a long one as it is', ['x'.repeat(4096)], ['x'.repeat(4096)]],
  ['too much text cut to 256 characters each', ['x'.repeat(4096), 'y'], ['x'.repeat(256), 'y']],
  [
    'cut texts until 4096 characters are used',
    Array.from({ length: 20 }, (_, index) => `${index}${'ü'.repeat(300)}`),
    Array.from({ length: 16 }, (_, index) =>
      Array.from(`${index}${'ü'.repeat(300)}`)
        .slice(0, 256)
        .join(''),
    ),
  ],
])('shows %s', (_, warnings, shown) => {
  expect(shownWarnings(warnings)).toEqual(shown);
});
