import { expect, it } from 'vitest';
import {
  namespaceWarnings,
  type Policies,
} from '../../../../../shared/core/validation/namespaces/warnings.ts';
import type { LimitRangeItem, ResourceQuota } from '../../../../../shared/model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../../../../shared/model/sidecarset.ts';
import { setOf } from '../../injection/pods.ts';

const NONE: Policies = { namespaces: [], limitRanges: [], quotas: [] };
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const SAFE = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };

const withContainer = (container: Partial<SidecarContainer>, more: SidecarSetSpec = {}): SidecarSetSpec => ({
  containers: [{ name: 's', image: 'i', ...container }],
  ...more,
});
const said = (spec: SidecarSetSpec, policies: Partial<Policies>) =>
  namespaceWarnings(setOf('set', spec), { ...NONE, ...policies });

const level = (value: string): Partial<Policies> => ({
  namespaces: [{ name: 'team', labels: { [ENFORCE]: value } }],
});

it.each<[string, string, SidecarSetSpec, string | undefined]>([
  ['privileged', 'privileged', withContainer({ securityContext: { privileged: true } }), undefined],
  ['privileged', 'baseline', withContainer({ securityContext: { privileged: true } }), 'wants privileged'],
  ['a host port', 'baseline', withContainer({ ports: [{ containerPort: 1, hostPort: 1 }] }), 'a host port'],
  [
    'a strong capability',
    'baseline',
    withContainer({ securityContext: { capabilities: { add: ['NET_ADMIN', 'CHOWN'] } } }),
    'the capability NET_ADMIN',
  ],
  [
    'a weak capability',
    'baseline',
    withContainer({ securityContext: { capabilities: { add: ['CHOWN'] } } }),
    undefined,
  ],
  [
    'another procMount',
    'baseline',
    withContainer({ securityContext: { procMount: 'Unmasked' } }),
    'procMount',
  ],
  [
    'no seccomp profile',
    'baseline',
    withContainer({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    'no seccomp profile',
  ],
  [
    'a host path',
    'baseline',
    withContainer({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'volume v is a hostPath',
  ],
  ['nothing special', 'baseline', withContainer({}), undefined],
  ['nothing special', 'restricted', withContainer({}), 'wants privilege escalation'],
  ['what is allowed everywhere', 'restricted', withContainer(SAFE), undefined],
  [
    'user 0',
    'restricted',
    withContainer({ securityContext: { ...SAFE.securityContext, runAsUser: 0 } }),
    'user 0',
  ],
  [
    'to be root',
    'restricted',
    withContainer({ securityContext: { ...SAFE.securityContext, runAsNonRoot: false } }),
    'as root',
  ],
  ['privileged', 'unknown', withContainer({ securityContext: { privileged: true } }), undefined],
])('a sidecar that wants %s where PodSecurity is at %s', (_, value, spec, expected) => {
  const warnings = said(spec, level(value));
  if (expected === undefined) expect(warnings).toEqual([]);
  else expect(warnings[0]).toMatch(new RegExp(`^Pods in namespace team would be refused: .*${expected}`));
});

const TEAM = [{ name: 'team' }];
const limits = (...items: Partial<LimitRangeItem>[]): Partial<Policies> => ({
  namespaces: TEAM,
  limitRanges: [
    {
      metadata: { name: 'limits', namespace: 'team' },
      spec: { limits: items.map((item) => ({ type: 'Container', ...item })) },
    },
  ],
});
const quota = (
  hard: Record<string, string>,
  more: Partial<ResourceQuota['spec']> = {},
): Partial<Policies> => ({
  namespaces: TEAM,
  quotas: [{ metadata: { name: 'quota', namespace: 'team' }, spec: { hard, ...more } }],
});
const resources = (given: SidecarContainer['resources']) => withContainer({ resources: given });

it.each<[string, SidecarSetSpec, Partial<Policies>, string | undefined]>([
  [
    'a limit above the most',
    resources({ limits: { cpu: '2' } }),
    limits({ max: { cpu: '1500m' } }),
    'has a limit of 2 cpu',
  ],
  [
    'a limit at the most',
    resources({ limits: { cpu: '1.5' } }),
    limits({ max: { cpu: '1500m' } }),
    undefined,
  ],
  [
    'no limit where there is a most',
    resources({}),
    limits({ max: { memory: '1Gi' } }),
    'has no limit of memory',
  ],
  ['a limit by default', resources({}), limits({ max: { cpu: '1' }, default: { cpu: '500m' } }), undefined],
  [
    'a default above the most',
    resources({}),
    limits({ max: { cpu: '1' }, default: { cpu: '2' } }),
    'has a limit of 2 cpu',
  ],
  [
    'a request below the least',
    resources({ requests: { memory: '1Mi' } }),
    limits({ min: { memory: '2Mi' } }),
    'requests 1Mi memory',
  ],
  [
    'a request that follows from the limit',
    resources({ limits: { cpu: '1' } }),
    limits({ min: { cpu: '1' } }),
    undefined,
  ],
  [
    'a range for Pods',
    resources({ limits: { cpu: '2' } }),
    limits({ type: 'Pod', max: { cpu: '1' } }),
    undefined,
  ],
  ['no request where a quota counts it', resources({}), quota({ cpu: '10' }), 'must specify cpu'],
  [
    'no limit where a quota counts it',
    resources({ requests: { cpu: '1' } }),
    quota({ 'limits.cpu': '10' }),
    'limits.cpu',
  ],
  [
    'what the quota counts',
    resources({ limits: { cpu: '1' } }),
    quota({ 'requests.cpu': '1', 'limits.cpu': '1' }),
    undefined,
  ],
  ['a quota of something else', resources({}), quota({ pods: '10', 'count/jobs.batch': '1' }), undefined],
  ['a quota with a scope', resources({}), quota({ cpu: '10' }, { scopes: ['Terminating'] }), undefined],
  [
    'resources that follow from the Pod',
    withContainer({
      resourcesPolicy: { targetContainersMode: 'sum', resourcesExpr: { limits: { cpu: 'cpu' } } },
    }),
    quota({ cpu: '10' }),
    undefined,
  ],
])('a sidecar with %s', (_, spec, policies, expected) => {
  const warnings = said(spec, policies);
  if (expected === undefined) expect(warnings).toEqual([]);
  else expect(warnings).toEqual([expect.stringContaining(expected)]);
});

const strict = (...names: string[]): Partial<Policies> => ({
  namespaces: names.map((name) => ({ name, labels: { [ENFORCE]: 'baseline', team: name } })),
});
const privileged = withContainer({ securityContext: { privileged: true } });

it('says the same refusal once for all namespaces', () => {
  expect(said(privileged, strict('a', 'b', 'c', 'd', 'e'))).toEqual([
    expect.stringContaining('namespace a, b, c and 2 more would be refused'),
  ]);
});

it('looks at selected namespaces only, and never at those that are left alone', () => {
  const namespaceSelector = { matchLabels: { team: 'a' } };
  expect(said({ ...privileged, namespaceSelector }, strict('a', 'b', 'kube-system'))).toEqual([
    expect.stringContaining('namespace a would'),
  ]);
  expect(said(privileged, strict('kube-system'))).toEqual([]);
});

it('keeps to a few sentences', () => {
  const volumes = Array.from({ length: 9 }, (_, index) => ({ name: `v${index}`, hostPath: { path: '/' } }));
  const warnings = said(withContainer({}, { volumes }), strict('a'));
  expect(warnings).toHaveLength(6);
  expect(warnings.at(-1)).toBe('and 4 more refusals');
});
