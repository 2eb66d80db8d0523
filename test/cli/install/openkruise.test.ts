import { describe, expect, it } from 'vitest';
import { decideOpenKruise } from '../../../cli/install/openkruise/decide.ts';
import { conflictingWebhooks, type OpenKruise } from '../../../cli/install/openkruise/find.ts';

const NOTHING: OpenKruise = { managers: [], webhooks: [], definition: false };
const RUNNING = { ...NOTHING, managers: ['kruise-controller-manager'] };
const WEBHOOK = { configuration: 'kruise-m', kind: 'MutatingWebhookConfiguration', webhook: 'mpod.kb.io' };

describe('deciding about OpenKruise', () => {
  it.each<[string, OpenKruise, boolean, string]>([
    ['nothing of it', NOTHING, false, 'fresh'],
    ['nothing of it, though asked to adopt', NOTHING, true, 'fresh'],
    ['its definition alone', { ...NOTHING, definition: true }, true, 'adopt'],
    ['its definition without --adopt', { ...NOTHING, definition: true }, false, 'refused'],
    ['a manager', RUNNING, false, 'refused'],
    ['a manager, with --adopt', RUNNING, true, 'refused'],
    ['a webhook, with --adopt', { ...NOTHING, webhooks: [WEBHOOK], definition: true }, true, 'refused'],
  ])('finds %s', (_, found, adopt, kind) => {
    expect(decideOpenKruise(found, adopt).kind).toBe(kind);
  });

  it('names each command once', () => {
    const other = { ...WEBHOOK, webhook: 'msidecarset.kb.io' };
    const decision = decideOpenKruise({ ...RUNNING, webhooks: [WEBHOOK, other] }, true);
    const lines = (decision.kind === 'refused' ? decision.sentence : '').split('\n').slice(1);
    expect(lines).toEqual([
      '  kubectl -n kruise-system scale deployment kruise-controller-manager --replicas=0',
      '  kubectl delete mutatingwebhookconfiguration kruise-m',
    ]);
  });
});

it.each<[string, string, object, boolean]>([
  [
    'Pods as they are made',
    'MutatingWebhookConfiguration',
    { apiGroups: [''], operations: ['CREATE'], resources: ['pods'] },
    true,
  ],
  [
    'everything',
    'MutatingWebhookConfiguration',
    { apiGroups: ['*'], operations: ['*'], resources: ['*'] },
    true,
  ],
  [
    'Pods as they go',
    'MutatingWebhookConfiguration',
    { apiGroups: [''], operations: ['DELETE'], resources: ['pods'] },
    false,
  ],
  [
    'Pods, only to judge',
    'ValidatingWebhookConfiguration',
    { apiGroups: [''], operations: ['CREATE'], resources: ['pods'] },
    false,
  ],
  [
    'SidecarSets, only to judge',
    'ValidatingWebhookConfiguration',
    { apiGroups: ['apps.kruise.io'], operations: ['UPDATE'], resources: ['sidecarsets'] },
    true,
  ],
  [
    'CloneSets',
    'MutatingWebhookConfiguration',
    { apiGroups: ['apps.kruise.io'], operations: ['CREATE'], resources: ['clonesets'] },
    false,
  ],
])('sees whether a webhook for %s is in the way', (_, kind, rule, conflict) => {
  const configuration = { metadata: { name: 'kruise' }, webhooks: [{ name: 'w', rules: [rule] }] };
  expect(conflictingWebhooks(kind, configuration)).toEqual(
    conflict ? [{ configuration: 'kruise', kind, webhook: 'w' }] : [],
  );
});
