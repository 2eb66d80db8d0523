import { describe, expect, it } from 'vitest';
import { type Configuration, readConfiguration } from '../../../shared/contracts/configuration.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
const full = {
  CLUSTER_NAME: 'c1',
  CLUSTER_ENDPOINT: 'https://127.0.0.1:6443',
  CLUSTER_CA: Buffer.from(PEM).toString('base64'),
  CLUSTER_TOKEN: 'bearer',
  PATH_TOKENS: 'current, previous',
  EVENT_BUS_NAME: 'bus',
  QUEUE_URL: 'http://q',
};

describe('the configuration', () => {
  it('gives every value', () => {
    const { cluster, pathTokens, eventBusName, queueUrl } = readConfiguration(full);
    expect([cluster.name, cluster.endpoint, cluster.ca, cluster.token]).toEqual([
      'c1',
      full.CLUSTER_ENDPOINT,
      PEM,
      'bearer',
    ]);
    expect([pathTokens, eventBusName, queueUrl]).toEqual([['current', 'previous'], 'bus', 'http://q']);
  });

  it('asks only for what is used', () => {
    expect(readConfiguration({ CLUSTER_NAME: 'c1' }).cluster.name).toBe('c1');
  });

  it('keeps what was there when it was read', () => {
    const env: Record<string, string | undefined> = { ...full };
    const configuration = readConfiguration(env);
    env['CLUSTER_TOKEN'] = undefined;
    expect(configuration.cluster.token).toBe('bearer');
  });

  it.each<[string, string | undefined, (configuration: Configuration) => unknown]>([
    ['CLUSTER_NAME', undefined, ({ cluster }) => cluster.name],
    ['CLUSTER_ENDPOINT', 'http://127.0.0.1', ({ cluster }) => cluster.endpoint],
    ['CLUSTER_ENDPOINT', 'somewhere', ({ cluster }) => cluster.endpoint],
    ['CLUSTER_CA', PEM, ({ cluster }) => cluster.ca],
    ['CLUSTER_TOKEN', '', ({ cluster }) => cluster.token],
    ['PATH_TOKENS', 'a,,b', ({ pathTokens }) => pathTokens],
    ['EVENT_BUS_NAME', undefined, ({ eventBusName }) => eventBusName],
    ['QUEUE_URL', undefined, ({ queueUrl }) => queueUrl],
  ])('names %s when it is %j', (name, value, use) => {
    expect(() => use(readConfiguration({ ...full, [name]: value }))).toThrow(
      new RegExp(`^${name}: must be|^${name}: this variable must be set`),
    );
  });

  it('never quotes a value', () => {
    expect(() => readConfiguration({ ...full, PATH_TOKENS: 'secret,' }).pathTokens).toThrow(
      /^((?!secret).)*$/,
    );
  });
});
