import { expect, it } from 'vitest';
import type { Step } from '../../../cli/install/plan.ts';
import { servedSteps } from '../../../cli/install/served.ts';
import type { Manifest } from '../../../cli/manifests.ts';

const manifest = (kind: string, name = 'x'): Manifest => ({ apiVersion: 'g/v1', kind, metadata: { name } });
const role = manifest('ClusterRole');
const policies = [manifest('Policy', 'a'), manifest('Policy', 'b')];
const webhooks: Step = { name: 'inject', manifests: [manifest('Webhooks')] };
const steps: Step[] = [{ name: 'rights', manifests: [role, ...policies] }, webhooks];

const serving =
  (...kinds: string[]) =>
  async ({ kind }: { kind: string }) =>
    kinds.includes(kind) ? { group: 'g', version: 'v1', plural: 'x', kind, namespaced: false } : undefined;

it('names each kind of rights once that the cluster does not serve, and leaves it out', async () => {
  expect(await servedSteps(steps, serving('ClusterRole', 'Webhooks'))).toEqual({
    steps: [{ name: 'rights', manifests: [role] }, webhooks],
    unserved: ['Policy in g/v1'],
  });
});

it('leaves nothing out of a cluster that serves it all', async () => {
  const served = await servedSteps(steps, serving('ClusterRole', 'Policy', 'Webhooks'));
  expect(served).toEqual({ steps, unserved: [] });
});

it('leaves out nothing but rights', async () => {
  expect((await servedSteps([webhooks], serving())).steps).toEqual([webhooks]);
});
