/** The status of a Pod with two containers, `main` and `side`. */
import { podStatus, type StatusInput } from '../../../../../../infra/local/cluster/node/pod/status.ts';
import type { PodSpec } from '../../../../../../shared/model/kubernetes.ts';
import { later, run, snapshot, T0 } from './views.ts';

export type Given = Partial<Omit<StatusInput, 'pod'>> & { spec?: Partial<PodSpec> };

export const verdict = ({ spec, ...more }: Given) =>
  podStatus({
    pod: {
      metadata: { name: 'web', generation: 3 },
      spec: {
        restartPolicy: 'Never',
        containers: [
          { name: 'main', image: 'app:1' },
          { name: 'side', image: 'app:1' },
        ],
        ...spec,
      },
    },
    snapshot: snapshot({}),
    waiting: new Map(),
    started: new Set(['m', 's']),
    ready: new Set(['m', 's']),
    over: false,
    isLate: false,
    podIp: '10.244.0.2',
    startTime: T0,
    before: {},
    now: later(60),
    ...more,
  });

export const main = (exitCode?: number) => run(exitCode, { id: 'm' });
export const side = (exitCode?: number) => run(exitCode, { id: 's' });

export const done = { snapshot: snapshot({ main: main(0), side: side(0) }) };
