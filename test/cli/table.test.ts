import { expect, it } from 'vitest';
import { tableText } from '../../cli/table.ts';

it('pads columns to their widest cell and leaves out wide ones', () => {
  const columnDefinitions = [{ name: 'Name' }, { name: 'Node', priority: 1 }, { name: 'Matched' }];
  const rows = [{ cells: ['ilogtail-sidecarset', 'x', 10] }, { cells: ['b', 'y', undefined] }];
  expect(tableText({ columnDefinitions, rows }).split('\n')).toEqual([
    'NAME                  MATCHED',
    'ilogtail-sidecarset   10',
    'b                     <none>',
  ]);
});
