import { createQueue } from '../../../infra/local/cluster/controllers/queue.ts';
import { keyOf, podScheduler, workOf } from '../../../infra/local/cluster/controllers/reconcilers.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Log } from '../../../shared/io/ports.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { RemoteClient } from './client.ts';

/** There is no kube-scheduler: assigns every waiting Pod to the one node, with the rights of an administrator. */
export const startScheduler = (client: RemoteClient, log: Log): { stop(): Promise<void> } => {
  const work = workOf(podScheduler({ client, clock: systemClock, log }));
  const queue = createQueue({ clock: systemClock, log, work });
  const watch = client.follow<Pod>(PODS, {}, (change, pod) => {
    if (change !== 'DELETED' && !pod.spec.nodeName) queue.add(keyOf(pod.metadata));
  });
  return {
    async stop() {
      watch.stop();
      await queue.stop();
    },
  };
};
