import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEndpoint } from '../../../cli/install/endpoint.ts';
import { registeredEndpoint } from '../../../cli/install/status.ts';

const TOKEN = 'a-token_of.16-or~more';
const PEM = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';

describe('reading the endpoint', () => {
  let directory: string;
  const file = (name: string): string => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'endpoint-'));
    await writeFile(file('token'), `${TOKEN}\n`);
    await writeFile(file('short'), 'short');
    await writeFile(file('two'), `${TOKEN},${TOKEN}`);
    await writeFile(file('ca'), PEM);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('puts the token of the file behind the cluster', async () => {
    const options = { url: 'https://host:8443/c1/', tokenFile: file('token'), caBundle: file('ca') };
    const other = { SIDECARSET_TOKEN: 'another-token-0123456789' };
    expect(await readEndpoint(options, other)).toEqual({ url: `https://host:8443/c1/${TOKEN}`, ca: PEM });
  });

  it('takes the token of the environment without a file', async () => {
    const endpoint = await readEndpoint({ url: 'https://host/c1' }, { SIDECARSET_TOKEN: TOKEN });
    expect(endpoint).toEqual({ url: `https://host/c1/${TOKEN}` });
  });

  it.each<[string, { url?: string; tokenFile?: string; caBundle?: string }, string]>([
    ['no URL', { url: 'host/c1' }, '--url: expected https://host/cluster'],
    ['plain HTTP', { url: 'http://host/c1' }, '--url: expected https://host/cluster'],
    ['no cluster', { url: 'https://host/' }, '--url: expected https://host/cluster'],
    ['a token in the URL', { url: `https://host/c1/${TOKEN}` }, 'the token comes from --token-file'],
    ['a query', { url: 'https://host/c1?a=1' }, '--url: expected https://host/cluster'],
    [
      'a token file that is not there',
      { tokenFile: '/nowhere' },
      "--token-file /nowhere: can't be read: no such file",
    ],
    ['a short token', { tokenFile: 'short' }, 'at least 16 letters'],
    ['two tokens', { tokenFile: 'two' }, 'expected one token'],
    ['no token at all', { tokenFile: undefined }, 'SIDECARSET_TOKEN'],
    ['a bundle that is none', { caBundle: 'token' }, 'expected certificates in PEM'],
  ])('refuses %s by the option, without quoting a token', async (_, change, message) => {
    const options = { url: 'https://host/c1', tokenFile: 'token', ...change };
    const below = (name: string | undefined) => (name?.startsWith('/') ? name : name && file(name));
    const given = { ...options, tokenFile: below(options.tokenFile), caBundle: below(change.caBundle) };
    const refusal = await readEndpoint(given, {}).then(String, (fault: Error) => fault.message);
    expect(refusal).toContain(message);
    expect(refusal).not.toContain(TOKEN);
  });
});

it.each<[string, unknown, unknown]>([
  [
    'with its CA',
    [
      {
        clientConfig: {
          url: `https://host/c1/${TOKEN}/inject`,
          caBundle: Buffer.from(PEM).toString('base64'),
        },
      },
    ],
    { url: `https://host/c1/${TOKEN}`, ca: PEM },
  ],
  [
    'in a deeper path',
    [{ clientConfig: { url: `https://host/c1/${TOKEN}/sidecarset/default` } }],
    { url: `https://host/c1/${TOKEN}` },
  ],
  ['of a service', [{ clientConfig: { service: { name: 's' } } }], undefined],
  ['of nobody', undefined, undefined],
])('finds the registered endpoint %s', (_, webhooks, expected) => {
  expect(registeredEndpoint({ metadata: { name: 'x' }, webhooks } as { metadata: { name: string } })).toEqual(
    expected,
  );
});
