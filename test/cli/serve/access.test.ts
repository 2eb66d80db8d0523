import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAddress } from '../../../cli/serve/access.ts';

const PEM = '-----BEGIN CERTIFICATE-----\n';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'access-'));
});
afterAll(() => rm(directory, { recursive: true }));

const write = async (content: string): Promise<string> => {
  const file = join(await mkdtemp(join(directory, 'file-')), 'config');
  await writeFile(file, content);
  return file;
};

const kubeconfig = (cluster: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'here', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
    users: [{ name: 'me', user: { token: 't' } }],
    'current-context': 'here',
  });

it.each<[string, () => object | Promise<object>]>([
  ['in the file', () => ({ 'certificate-authority-data': Buffer.from(PEM).toString('base64') })],
  ['in a file of its own', async () => ({ 'certificate-authority': await write(PEM) })],
])("the API server's URL and its authority, %s", async (_, cluster) => {
  const file = await write(kubeconfig(await cluster()));
  expect(await readAddress(file)).toEqual({ url: 'https://127.0.0.1:1', ca: PEM });
});

it.each([
  ['no YAML', '{', "can't be read"],
  ['no cluster', JSON.stringify({ apiVersion: 'v1', kind: 'Config' }), 'no current cluster'],
  ['no authority', kubeconfig({}), 'cluster here has no certificate-authority'],
])('a file with %s is refused by name', async (_, content, why) => {
  const file = await write(content);
  await expect(readAddress(file)).rejects.toMatchObject({
    name: 'UserFacingError',
    message: expect.stringMatching(new RegExp(`^--kubeconfig ${file}: .*${why}`)),
  });
});

it('a file that is not there is refused by name', async () => {
  await expect(readAddress('/nowhere')).rejects.toThrow("--kubeconfig /nowhere: can't be read: ");
});
