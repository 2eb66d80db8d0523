import { describe, expect, it } from 'vitest';
import { validateRollout } from '../../../../shared/core/validation/rollout.ts';
import type {
  SidecarContainer,
  SidecarSetSpec,
  UpdateStrategy,
} from '../../../../shared/model/sidecarset.ts';
import { hotSidecar, makeSet, marked } from '../../../support/fleet.ts';

const JOBS = 'serverless.sidecarset.io/upgrade-jobs';
const BEYOND = 'serverless.sidecarset.io/beyond-image';
const refused = (
  annotations: Record<string, string>,
  strategy: UpdateStrategy = {},
  spec: SidecarSetSpec = {},
) => validateRollout(marked(makeSet('v1', strategy, spec), annotations));

describe('the annotations of a SidecarSet', () => {
  it.each<{ annotations: Record<string, string> }>([
    { annotations: {} },
    { annotations: { [JOBS]: 'true' } },
    { annotations: { [JOBS]: 'false' } },
    { annotations: { [BEYOND]: '' } },
    { annotations: { [BEYOND]: 'resize' } },
    { annotations: { [BEYOND]: ' recreate , resize ,' } },
    { annotations: { [BEYOND]: 'recreate', [JOBS]: 'true' } },
  ])('are valid: $annotations', ({ annotations }) => {
    expect(refused(annotations)).toEqual([]);
  });

  it.each<{ annotations: Record<string, string>; messages: string[] }>([
    { annotations: { [JOBS]: 'yes' }, messages: ['Unsupported value: "yes", supported: true, false'] },
    { annotations: { [JOBS]: 'True' }, messages: ['Unsupported value: "True", supported: true, false'] },
    { annotations: { [JOBS]: '' }, messages: ['Unsupported value: "", supported: true, false'] },
    { annotations: { [JOBS]: ' true' }, messages: ['Unsupported value: " true", supported: true, false'] },
    {
      annotations: { [BEYOND]: 'replace' },
      messages: ['Unsupported value: "replace", supported: resize, recreate'],
    },
    {
      annotations: { [BEYOND]: 'Resize,recreate,x' },
      messages: [
        'Unsupported value: "Resize", supported: resize, recreate',
        'Unsupported value: "x", supported: resize, recreate',
      ],
    },
  ])('are refused, word by word: $annotations', ({ annotations, messages }) => {
    const causes = refused(annotations);
    expect(causes.map(({ message }) => message)).toEqual(messages);
    const [key] = Object.keys(annotations);
    for (const cause of causes) {
      expect(cause).toMatchObject({
        reason: 'FieldValueNotSupported',
        field: `metadata.annotations[${key}]`,
      });
    }
  });

  it('are read even where nothing is ever moved', () => {
    expect(refused({ [JOBS]: 'yes' }, { type: 'NotUpdate' })).toHaveLength(1);
  });
});

describe('a hot-upgraded init container', () => {
  const init = (more: Partial<SidecarContainer>): SidecarSetSpec => ({
    initContainers: [
      { name: 'first', image: 'i' },
      { ...hotSidecar('second', 'i'), ...more },
    ],
  });
  const FIELD = 'spec.initContainers[1].upgradeStrategy.upgradeType';

  it.each<{ name: string; strategy: UpdateStrategy; spec: SidecarSetSpec; fields: string[] }>([
    { name: 'native', strategy: {}, spec: init({ restartPolicy: 'Always' }), fields: [FIELD] },
    {
      name: 'native and paused',
      strategy: { paused: true },
      spec: init({ restartPolicy: 'Always' }),
      fields: [FIELD],
    },
    {
      name: 'native and never moved',
      strategy: { type: 'NotUpdate' },
      spec: init({ restartPolicy: 'Always' }),
      fields: [],
    },
    { name: 'plain: it is never upgraded', strategy: {}, spec: init({}), fields: [] },
    {
      name: 'native and cold',
      strategy: {},
      spec: init({ restartPolicy: 'Always', upgradeStrategy: { upgradeType: 'ColdUpgrade' } }),
      fields: [],
    },
    {
      name: 'native, says nothing',
      strategy: {},
      spec: init({ restartPolicy: 'Always', upgradeStrategy: {} }),
      fields: [],
    },
  ])('that is $name is refused by $fields', ({ strategy, spec, fields }) => {
    expect(refused({}, strategy, spec).map(({ field }) => field)).toEqual(fields);
  });
});

describe('the strategy', () => {
  it.each<{ strategy: UpdateStrategy; fields: string[] }>([
    { strategy: { partition: 90, selector: { matchLabels: { track: 'canary' } } }, fields: [] },
    { strategy: { type: 'NotUpdate', partition: -1, maxUnavailable: 'x' }, fields: [] },
    { strategy: { partition: -1 }, fields: ['spec.updateStrategy.partition'] },
    { strategy: { maxUnavailable: '5' }, fields: ['spec.updateStrategy.maxUnavailable'] },
    { strategy: { selector: { matchLabels: {} } }, fields: ['spec.updateStrategy.selector'] },
  ])('$strategy is refused by $fields', ({ strategy, fields }) => {
    expect(refused({}, strategy).map(({ field }) => field)).toEqual(fields);
  });
});
