import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../../../../../shared/core/resources/policy/resources.ts';
import { targetsOf } from '../../../../../shared/core/resources/policy/targets.ts';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import type { SidecarContainer } from '../../../../../shared/model/sidecarset.ts';
import { main, makePod } from '../../../../support/pods.ts';

type Policy = NonNullable<SidecarContainer['resourcesPolicy']>;
type Expressions = Policy['resourcesExpr'];
type Amounts = NonNullable<Expressions['limits']>;

const FIELD = 'spec.containers[0].resourcesPolicy';

const having = (name: string, limits?: Amounts, requests?: Amounts): Container => ({
  ...main(name),
  resources: { ...(limits && { limits: { ...limits } }), ...(requests && { requests: { ...requests } }) },
});

const resultOf = (
  containers: Container[],
  resourcesExpr: Expressions,
  targetContainersMode: Policy['targetContainersMode'] = 'sum',
) =>
  resourcesOf(
    { targetContainersMode, targetContainersNameRegex: 'app', resourcesExpr },
    targetsOf(makePod({ containers }), () => true, new Set()),
    FIELD,
  );

const resources = (...args: Parameters<typeof resultOf>) => {
  const result = resultOf(...args);
  return result.kind === 'resources' ? result.resources : result.causes;
};

const SMALL = having('small', { cpu: '200m', memory: '256Mi' }, { cpu: '100m', memory: '128Mi' });
const BIG = having('big', { cpu: '1', memory: '1Gi' }, { cpu: '500m', memory: '512Mi' });
const BARE = main('bare');

const HALF: Expressions = {
  limits: { cpu: 'cpu*50%', memory: 'memory*50%' },
  requests: { cpu: 'cpu*50%', memory: 'memory*50%' },
};

describe('targets', () => {
  const pod: Pod = makePod({
    containers: [main('app'), main('app-2'), main('log')],
    spec: {
      initContainers: [main('app-setup'), { ...main('app-mesh'), restartPolicy: 'Always' }],
    },
  });
  const names = (isNamed: (name: string) => boolean, sidecars: string[] = []) =>
    targetsOf(pod, isNamed, new Set(sidecars)).map(({ container }) => container.name);

  it('are the containers and native sidecars that the test names, no plain init containers', () => {
    expect(names((name) => name.includes('app'))).toEqual(['app-mesh', 'app', 'app-2']);
  });

  it('are none of the injected sets, even where the Pod has such a name', () => {
    expect(names(() => true, ['app-2', 'app-mesh', 'other'])).toEqual(['app', 'log']);
  });

  it('refuse the Pod when there are none', () => {
    expect(resultOf([], HALF)).toEqual({
      kind: 'refused',
      causes: [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: no container of the Pod matches "app"',
          field: `${FIELD}.targetContainersNameRegex`,
        },
      ],
    });
  });
});

describe('several targets', () => {
  it('are summed up', () => {
    expect(resources([SMALL, BIG], HALF)).toEqual({
      limits: { cpu: '600m', memory: '640Mi' },
      requests: { cpu: '300m', memory: '320Mi' },
    });
  });

  it('count as the greatest in mode max', () => {
    expect(resources([SMALL, BIG], HALF, 'max')).toEqual({
      limits: { cpu: '500m', memory: '512Mi' },
      requests: { cpu: '250m', memory: '256Mi' },
    });
  });

  it('may be greatest in different resources', () => {
    const other = having('other', { cpu: '100m', memory: '4Gi' });
    expect(resources([SMALL, other], { limits: { cpu: 'cpu', memory: 'memory' } }, 'max')).toEqual({
      limits: { cpu: '200m', memory: '4Gi' },
    });
  });

  it('of different notation have that of the first', () => {
    const decimal = having('decimal', undefined, { memory: '128M' });
    const expression = { requests: { memory: 'memory' } };
    expect(resources([decimal, SMALL], expression)).toEqual({ requests: { memory: '262217728' } });
    expect(resources([SMALL, decimal], expression)).toEqual({ requests: { memory: '256072Ki' } });
  });
});

describe.each(['sum', 'max'] as const)('in mode %s, a target without', (mode) => {
  it('limit leaves the sidecar without it', () => {
    const noCpu = having('app', { memory: '1Gi' });
    expect(resources([BIG, noCpu], { limits: HALF.limits }, mode)).toEqual({
      limits: { memory: mode === 'sum' ? '1Gi' : '512Mi' },
    });
  });

  it('any limit leaves no limits, not even constant ones', () => {
    expect(resources([BIG, BARE], { limits: { cpu: '100m', memory: '200Mi' } }, mode)).toEqual({});
  });

  it('request counts as 0', () => {
    expect(resources([BIG, BARE], { requests: HALF.requests }, mode)).toEqual({
      requests: { cpu: '250m', memory: '256Mi' },
    });
  });

  it('any request gives 0, written out', () => {
    expect(resources([BARE], HALF, mode)).toEqual({ requests: { cpu: '0', memory: '0' } });
  });
});

describe('expressions', () => {
  it('that are constant are set', () => {
    expect(
      resources([BIG], { limits: { cpu: '100m', memory: '200Mi' }, requests: { memory: '1000' } }),
    ).toEqual({ limits: { cpu: '100m', memory: '200Mi' }, requests: { memory: '1k' } });
  });

  it('of requests do not see limits', () => {
    expect(resources([having('app', { cpu: '1' })], { requests: { cpu: 'cpu + 1m' } })).toEqual({
      requests: { cpu: '1m' },
    });
  });

  it('that are empty set nothing', () => {
    expect(resources([BIG], { limits: { cpu: '', memory: '' }, requests: {} })).toEqual({});
  });

  it('below zero refuse the Pod with the figures', () => {
    expect(resources([SMALL, BIG], { requests: { cpu: 'cpu-1' } })).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: cpu-1 is -400m, below zero, where cpu is 600m (sum of small, big)',
        field: `${FIELD}.resourcesExpr.requests.cpu`,
      },
    ]);
  });

  it('that nobody validated refuse the Pod, even where they would not be needed', () => {
    expect(resources([BARE], { limits: { memory: '200MB' } })).toEqual([
      expect.objectContaining({
        field: `${FIELD}.resourcesExpr.limits.memory`,
        message: expect.stringContaining('200MB is not a number or a quantity'),
      }),
    ]);
  });
});

it('a target whose amount is no quantity is named', () => {
  expect(resources([BIG, having('app', undefined, { cpu: 'much' })], HALF)).toEqual([
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "much" is not a quantity',
      field: 'spec.containers[1].resources.requests.cpu',
    },
  ]);
});

it('what is finer than milli is rounded up, as the API server does', () => {
  expect(resources([having('app', undefined, { cpu: '100u' })], { requests: { cpu: 'cpu' } })).toEqual({
    requests: { cpu: '1m' },
  });
});
