import { expect, it } from 'vitest';
import { hasFormat } from '../../../../../../infra/local/cluster/api/structural/validation/formats.ts';

it.each<[string, string[], string[]]>([
  [
    'date-time',
    ['2024-02-29T23:59:59Z', '2024-01-01t00:00:00.5+02:00'],
    ['2023-02-29T00:00:00Z', '2024-01-01', '2024-01-01T24:00:00Z'],
  ],
  ['date', ['2024-02-29'], ['2023-02-29', '2024-1-1']],
  ['ipv4', ['10.0.0.1'], ['10.0.0', '::1']],
  ['ipv6', ['::1'], ['10.0.0.1']],
  ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33']],
  ['uri', ['https://a.b/c', '/path'], ['::', 'plain']],
  ['byte', ['', 'aGk=', 'aGkh'], ['*', 'aGk']],
  ['uuid', ['5E06A2D4-7A4B-4E08-8D55-2B7D7E1F9C11'], ['5e06a2d4']],
  ['uuid4', ['5e06a2d4-7a4b-4e08-8d55-2b7d7e1f9c11'], ['5e06a2d4-7a4b-1e08-8d55-2b7d7e1f9c11']],
  ['email', ['a@b.c'], ['a', '@b']],
  ['hostname', ['example.com', 'a'], ['_', 'a..b']],
  ['duration', ['1h30m', '-1.5s', '0', '3 days'], ['x', '1', '3 moons']],
  ['mac', ['00:1a:2b:3c:4d:5e'], ['00:1a']],
  ['k8s-short-name', ['a-b'], ['A', 'a.b']],
  ['k8s-long-name', ['a.b-c'], ['a..b']],
  ['password', ['anything'], []],
  ['unknown-format', ['anything'], []],
])('the format %s takes what Kubernetes takes', (format, good, bad) => {
  const taken = [...good, ...bad].filter((text) => hasFormat(text, format));
  expect(taken).toEqual(good);
});
