/** Pods with native sidecars. */
import type { RestartPolicy } from '../../../../../../infra/local/cluster/node/pod/restart.ts';
import type { RunView } from '../../../../../../infra/local/cluster/node/views.ts';
import type { Container, PodSpec } from '../../../../../../shared/model/kubernetes.ts';

export const native = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: 'app:1',
  restartPolicy: 'Always',
  ...more,
});

export const plain = (name: string): Container => ({ name, image: 'app:1' });

export const specOf = (restartPolicy: RestartPolicy, ...initContainers: Container[]): PodSpec => ({
  restartPolicy,
  initContainers,
  containers: [plain('main')],
});

/** Each run has its container's name for an id. */
export const named = (views: Record<string, RunView>) =>
  Object.fromEntries(Object.entries(views).map(([name, view]) => [name, { ...view, id: name }]));

export const two = (policy: RestartPolicy = 'Never') => specOf(policy, native('s1'), native('s2'));
