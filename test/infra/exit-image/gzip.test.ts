import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gzipStored } from '../../../infra/exit-image/gzip.ts';

it.each([0, 1, 65_535, 65_536, 200_000])('gives back %i bytes', (size) => {
  const data = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251));
  expect(gunzipSync(gzipStored(data)).equals(data)).toBe(true);
});

it('adds nothing but a header, one block and a trailer to a small file', () => {
  expect(gzipStored(Buffer.from('ab')).toString('hex')).toBe(
    `${'1f8b08000000000000ff'}${'010200fdff'}${'6162'}${'6d48839e'}${'02000000'}`,
  );
});
