/** Whether to install beside what is there of OpenKruise. Pure. */
import { KRUISE_NAMESPACE, type OpenKruise } from './find.ts';

export type Decision = { kind: 'fresh' | 'adopt' } | { kind: 'refused'; sentence: string };

const described = ({ managers, webhooks, definition }: OpenKruise): string[] => [
  ...managers.map((name) => `Deployment ${KRUISE_NAMESPACE}/${name} runs`),
  ...webhooks.map(({ configuration, kind, webhook }) => `webhook ${webhook} of ${kind} ${configuration}`),
  ...(definition ? ['the CustomResourceDefinition sidecarsets.apps.kruise.io is its'] : []),
];

const commands = ({ managers, webhooks }: OpenKruise): string[] => [
  ...managers.map((name) => `kubectl -n ${KRUISE_NAMESPACE} scale deployment ${name} --replicas=0`),
  ...new Set(
    webhooks.map(({ configuration, kind }) => `kubectl delete ${kind.toLowerCase()} ${configuration}`),
  ),
];

/**
 * Two injectors must never act on one Pod, and a manager that runs writes its own conversion webhook into every
 * definition of its group. So it is adopted only when it rests: nothing of OpenKruise's own is edited for the user.
 */
export const decideOpenKruise = (found: OpenKruise, adopt: boolean): Decision => {
  const what = described(found);
  if (what.length === 0) return { kind: 'fresh' };
  if (!adopt) {
    const sentence =
      `OpenKruise is in this cluster (${what.join('; ')}), and two injectors must not act on one Pod. ` +
      'To put this one in its place, read "Adopting OpenKruise" in docs/install.md and pass --adopt';
    return { kind: 'refused', sentence };
  }
  const first = commands(found);
  if (first.length === 0) return { kind: 'adopt' };
  const sentence =
    `--adopt: OpenKruise must rest first (${what.join('; ')}). Run, then repeat this command:\n` +
    first.map((command) => `  ${command}`).join('\n');
  return { kind: 'refused', sentence };
};
