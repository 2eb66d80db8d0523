import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../../infra/identities.ts';
import { compilePattern } from '../../../../infra/local/aws/pattern.ts';
import { readWiring } from '../../../../infra/local/aws/wiring.ts';
import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from '../../../../shared/model/event.ts';

const wiring = readWiring({
  file: 'serverless.yml',
  stage: 'test',
  parameters: {
    cluster: 'c1',
    clusterEndpoint: 'https://127.0.0.1:6443',
    clusterCa: 'Y2E=',
    ...Object.fromEntries(FUNCTIONS.map((name) => [`${name}Token`, `bearer of ${name}`])),
    pathTokens: 'one,two',
  },
});
const functionOf = (name: string) => {
  const found = wiring.functions.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
};
const queueOf = (arn: string) => wiring.queues.find((queue) => queue.arn === arn);
const WORK = ['launch', 'terminate', 'rollout'] as const;

describe('serverless.yml', () => {
  it.each<[string, string[]]>([
    ['inject', ['inject']],
    ['sidecarset', ['sidecarset/default', 'sidecarset/validate', 'sidecarset/convert']],
    ['observe', ['observe']],
    ['launch', []],
    ['terminate', []],
    ['rollout', []],
    ['resync', []],
  ])('has the function %s with the routes %j', (name, paths) => {
    const { routes, handler } = functionOf(name);
    expect(routes).toEqual(paths.map((path) => ({ method: 'POST', path: `/{cluster}/{token}/${path}` })));
    expect([handler.module.endsWith(`/functions/${name}/handler`), handler.exported]).toEqual([
      true,
      'handler',
    ]);
  });

  it('has no other function', () => {
    expect(wiring.functions).toHaveLength(7);
  });

  it.each<[string, string[]]>([
    ['inject', ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'PATH_TOKENS']],
    ['sidecarset', ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'PATH_TOKENS']],
    ['observe', ['CLUSTER_NAME', 'EVENT_BUS_NAME', 'PATH_TOKENS']],
    ['launch', ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'QUEUE_URL']],
    [
      'terminate',
      ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'KILLER_IMAGE', 'QUEUE_URL'],
    ],
    ['rollout', ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'QUEUE_URL']],
    ['resync', ['CLUSTER_CA', 'CLUSTER_ENDPOINT', 'CLUSTER_NAME', 'CLUSTER_TOKEN', 'EVENT_BUS_NAME']],
  ])('tells %s only what it needs', (name, variables) => {
    expect(Object.keys(functionOf(name).environment('http://e')).sort()).toEqual(variables);
  });

  it.each(
    WORK,
  )('routes an event that calls for %s to its queue alone, and from there to its function', (call) => {
    const event = { source: EVENT_SOURCE, 'detail-type': EVENT_DETAIL_TYPE, detail: { calls: [call] } };
    const targets = wiring.rules
      .filter(({ pattern }) => compilePattern(pattern)(event))
      .flatMap((rule) => rule.targets.map(({ queueArn }) => queueArn));
    const { queueSources, environment } = functionOf(call);
    expect(targets).toEqual(queueSources.map(({ queueArn }) => queueArn));
    expect(environment('http://e')['QUEUE_URL']).toBe(
      `http://e/000000000000/${queueOf(targets[0] ?? '')?.name}`,
    );
  });

  it('sends nothing of another source to any queue', () => {
    const event = { source: 'aws.ec2', 'detail-type': EVENT_DETAIL_TYPE, detail: { calls: [...WORK] } };
    expect(wiring.rules.filter(({ pattern }) => compilePattern(pattern)(event))).toEqual([]);
  });

  it.each(WORK)('gives %s batches of 10 with partial answers, and less than a minute', (name) => {
    const { queueSources, timeoutSeconds } = functionOf(name);
    expect(queueSources).toMatchObject([{ batchSize: 10, partialAnswers: true }]);
    expect(timeoutSeconds).toBeLessThan(60);
  });

  it.each(
    WORK,
  )('hides a message of %s for six timeouts and gives it five tries before its own dead letters', (name) => {
    const { queueSources, timeoutSeconds } = functionOf(name);
    const queue = queueOf(queueSources[0]?.queueArn ?? '');
    expect(queue?.visibilityTimeoutSeconds).toBe(6 * timeoutSeconds);
    expect(queue?.redrive?.maxReceiveCount).toBe(5);
    expect(queueOf(queue?.redrive?.deadLetterArn ?? '')?.id).toBe(
      `${name[0]?.toUpperCase()}${name.slice(1)}DeadLetters`,
    );
  });

  it('keeps what a rule could not deliver', () => {
    const targets = wiring.rules.flatMap((rule) => rule.targets);
    expect(targets).toHaveLength(3);
    for (const { deadLetterArn } of targets)
      expect(queueOf(deadLetterArn ?? '')?.id).toBe('UndeliveredQueue');
  });

  it('asks for a resync of Pods every minute and of SidecarSets every ten', () => {
    expect(functionOf('resync').schedules).toEqual([
      { everyMilliseconds: 60_000, input: { what: 'pods' } },
      { everyMilliseconds: 600_000, input: { what: 'sidecarsets' } },
    ]);
  });

  it.each([
    ['inject', 10],
    ['sidecarset', 10],
    ['observe', 5],
  ])('ends %s no later than its webhook gives up', (name, seconds) => {
    expect(functionOf(name).timeoutSeconds).toBeLessThanOrEqual(seconds);
  });
});
