import { describe, expect, it } from 'vitest';
import {
  resourcesPolicyWarnings,
  validateResourcesPolicy,
} from '../../../../../shared/core/resources/policy/validate.ts';
import type { SidecarContainer } from '../../../../../shared/model/sidecarset.ts';

type Policy = NonNullable<SidecarContainer['resourcesPolicy']>;

const POLICY: Policy = {
  targetContainersMode: 'sum',
  targetContainersNameRegex: '^app$',
  resourcesExpr: {
    limits: { cpu: 'max(cpu*50%, 50m)', memory: '200Mi' },
    requests: { cpu: 'cpu*50%', memory: '' },
  },
};

const FIELD = 'spec.containers[0]';
const AT = `${FIELD}.resourcesPolicy`;

const sidecar = (policy: Partial<Policy> = {}, more: Partial<SidecarContainer> = {}): SidecarContainer => ({
  name: 'side',
  resourcesPolicy: { ...POLICY, ...policy },
  ...more,
});

/** Only what compiles here is what the test says. */
const compile = (pattern: string) => (pattern === '(' ? undefined : () => true);

const causes = (container: SidecarContainer, isInit = false): (string | undefined)[][] =>
  validateResourcesPolicy(container, FIELD, { isInit, compile }).map(({ field, message }) => [
    field,
    message,
  ]);

const withCpu = (cpu: string): SidecarContainer => sidecar({ resourcesExpr: { limits: { cpu } } });
const withMemory = (memory: string): SidecarContainer => sidecar({ resourcesExpr: { requests: { memory } } });

it.each([
  ['a complete one', sidecar()],
  ['none', { name: 'side' }],
  ['mode max', sidecar({ targetContainersMode: 'max' })],
  ['no pattern, which means all', sidecar({ targetContainersNameRegex: undefined })],
  ['limits alone', sidecar({ resourcesExpr: { limits: { cpu: 'cpu' } } })],
  ['requests alone', sidecar({ resourcesExpr: { requests: { cpu: 'cpu' } } })],
  ['empty resources beside it', sidecar({}, { resources: { limits: {}, requests: {} } })],
])('a policy is taken: %s', (_, container) => {
  expect(causes(container)).toEqual([]);
});

it('a native sidecar may have a policy', () => {
  expect(causes(sidecar({}, { restartPolicy: 'Always' }), true)).toEqual([]);
});

describe('a policy is refused', () => {
  it('on a plain init container, whatever else is wrong', () => {
    expect(causes(withCpu('1/cpu'), true)).toEqual([
      [AT, 'Forbidden: an init container may have it only with restartPolicy: Always'],
    ]);
  });

  it.each([
    { limits: { cpu: '1' } },
    { requests: { memory: '1Gi' } },
  ])('together with resources %j, whatever else is wrong', (resources) => {
    expect(causes(sidecar({ resourcesExpr: {} }, { resources }))).toEqual([
      [AT, `Forbidden: can not be combined with ${FIELD}.resources: remove one of them`],
    ]);
  });

  it('with every fault at once, each by its field', () => {
    const policy = {
      targetContainersMode: 'avg',
      targetContainersNameRegex: '(',
      resourcesExpr: {
        limits: { cpu: 'cpu*cpu', memory: '200MB' },
        requests: { cpu: 'memory', memory: '100K' },
      },
    };
    expect(causes({ name: 'side', resourcesPolicy: policy as unknown as Policy })).toEqual([
      [`${AT}.targetContainersMode`, 'Unsupported value: "avg", supported: sum, max'],
      [
        `${AT}.targetContainersNameRegex`,
        'Invalid value: must be a regular expression in the syntax of Go (RE2), of at most 1024 characters and without huge repetitions',
      ],
      [`${AT}.resourcesExpr.limits.cpu`, 'Invalid value: a quantity can not be multiplied by a quantity'],
      [
        `${AT}.resourcesExpr.limits.memory`,
        'Invalid value: 200MB is not a number or a quantity: units are m, k, M, G, T, P, Ki, Mi, Gi, Ti, Pi and %',
      ],
      [`${AT}.resourcesExpr.requests.cpu`, 'Invalid value: memory is not known here: the only name is cpu'],
      [
        `${AT}.resourcesExpr.requests.memory`,
        'Invalid value: 100K is not a number or a quantity: units are m, k, M, G, T, P, Ki, Mi, Gi, Ti, Pi and %',
      ],
    ]);
  });

  it('without mode', () => {
    const { targetContainersMode: _, ...policy } = POLICY;
    expect(causes({ name: 'side', resourcesPolicy: policy as Policy })).toEqual([
      [`${AT}.targetContainersMode`, 'Required value: sum or max'],
    ]);
  });

  it.each([[{}], [undefined]])('without expressions: %j', (resourcesExpr) => {
    const policy = { ...POLICY, resourcesExpr } as Policy;
    expect(causes({ name: 'side', resourcesPolicy: policy })).toEqual([
      [`${AT}.resourcesExpr`, 'Required value: limits, requests or both'],
    ]);
  });

  it.each([
    '-1',
    '10 - 20',
    '50m-100m',
    '-cpu',
    '0-cpu',
    'cpu-2*cpu',
    'min(cpu, -1m)',
  ])('with %s, which is below zero for every Pod', (cpu) => {
    expect(causes(withCpu(cpu))).toEqual([
      [`${AT}.resourcesExpr.limits.cpu`, 'Invalid value: is below zero whatever cpu is'],
    ]);
  });
});

describe('an expression that is below zero for some Pods', () => {
  it.each([
    ['cpu-100m', withCpu('cpu-100m'), 'limits.cpu: gives -100m where cpu is 0'],
    ['1-cpu', withCpu('1-cpu'), 'limits.cpu: gives -24m where cpu is 1024m'],
    ['memory-100Mi', withMemory('memory-100Mi'), 'requests.memory: gives -100Mi where memory is 0'],
    ['1Gi-memory', withMemory('1Gi-memory'), 'requests.memory: gives -1Gi where memory is 2Gi'],
  ])('is taken with a warning: %s', (text, container, sentence) => {
    expect(causes(container)).toEqual([]);
    expect(resourcesPolicyWarnings(container, FIELD)).toEqual([
      `${AT}.resourcesExpr.${sentence}, and such a Pod is refused; max(${text}, 0) is never below zero`,
    ]);
  });

  it.each([
    ['the advice was followed', withCpu('max(cpu-100m, 0)')],
    ['it never is', sidecar()],
    ['it does not compile, which is refused elsewhere', withCpu('1/cpu')],
    ['there is no policy', { name: 'side' }],
  ])('is not warned of when %s', (_, container) => {
    expect(resourcesPolicyWarnings(container, FIELD)).toEqual([]);
  });
});
