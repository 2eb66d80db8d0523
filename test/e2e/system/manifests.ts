/** SidecarSets and Jobs as a user writes them: a main container that writes lines, and a sidecar that copies them. */
import type { Container, EnvVar, PodSpec } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_STRATEGY,
  ENV_IGNORE_EXIT_CODE,
  ENV_PRIORITY,
  ENV_TERMINATE,
  ENV_TERMINATE_WITH_IMAGE,
  LABEL_NAMESPACE_NAME,
} from '../../../shared/model/names.ts';
import { BUSYBOX } from '../../infra/local/cluster/node/bench.ts';

export const MAIN = 'main';
export const SIDE = 'side';
export const EXIT_IMAGE = 'sidecarset-exit:1';

/** On a Pod: the kind of its sidecar. */
export const LABEL = 'sidecar';
const NAMESPACE = 'default';
const COUNT = 50;
export const LINES = Array.from({ length: COUNT }, (_, index) => `line ${index}\n`).join('');

/** How a sidecar wants to be ended: as one of the variables says, or by the kubelet. */
export type Ending = 'signal' | 'exit image' | 'ignored' | 'native';

export interface SidecarKind {
  /** Names its SidecarSet and its Jobs. */
  name: string;
  image: string;
  ending: Ending;
  args?: string[];
  /** Between two looks of its own at the lines; a second without it. */
  copySeconds?: number;
  /** In place of the exit image that there is. */
  exitImage?: string;
  lifecycle?: Container['lifecycle'];
  securityContext?: Container['securityContext'];
}

const SIGNAL: EnvVar = { name: ENV_TERMINATE, value: 'true' };

const endingEnv = ({ ending, exitImage = EXIT_IMAGE }: SidecarKind): EnvVar[] => {
  switch (ending) {
    case 'signal':
      return [SIGNAL];
    case 'exit image':
      return [SIGNAL, { name: ENV_TERMINATE_WITH_IMAGE, value: exitImage }];
    case 'ignored':
      return [SIGNAL, { name: ENV_IGNORE_EXIT_CODE, value: 'true' }];
    case 'native':
      return [];
    default:
      return ending satisfies never;
  }
};

export const sidecarSetOf = (kind: SidecarKind): object => ({
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: {
    name: kind.name,
    annotations: kind.ending === 'native' ? { [ANNOTATION_STRATEGY]: 'native' } : {},
  },
  spec: {
    selector: { matchLabels: { [LABEL]: kind.name } },
    namespaceSelector: { matchLabels: { [LABEL_NAMESPACE_NAME]: NAMESPACE } },
    containers: [
      {
        name: SIDE,
        image: kind.image,
        args: kind.args,
        lifecycle: kind.lifecycle,
        securityContext: kind.securityContext,
        env: [
          { name: ENV_PRIORITY, value: '1' },
          { name: 'COPY_SECONDS', value: String(kind.copySeconds ?? 1) },
          ...endingEnv(kind),
        ],
        shareVolumePolicy: { type: 'enabled' },
      },
    ],
  },
});

/** Writes half of the lines, waits, and writes the others. On SIGTERM it ends at once. */
const writing = (seconds: number, exitCode: number): string => `
write() { while [ $n -lt $1 ]; do echo "line $n" >> /shared/lines; n=$((n+1)); done; }
trap 'exit 0' TERM
n=0
write ${COUNT / 2}
sleep ${seconds} & wait $!
write ${COUNT}
exit ${exitCode}
`;

export interface MainOptions {
  /** How long it lasts. */
  seconds: number;
  exitCode?: number;
}

const mainContainer = ({ seconds, exitCode = 0 }: MainOptions): Container => ({
  name: MAIN,
  image: BUSYBOX,
  command: ['/bin/sh', '-c', writing(seconds, exitCode)],
  volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
});

/** The template of a Pod that gets the sidecars of that kind. */
export const templateOf = (kind: SidecarKind, main: MainOptions, spec: Partial<PodSpec>) => ({
  metadata: { labels: { [LABEL]: kind.name } },
  spec: { containers: [mainContainer(main)], volumes: [{ name: 'shared', emptyDir: {} }], ...spec },
});

export const jobOf = (name: string, template: object, spec: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: NAMESPACE },
  spec: { ...spec, template },
});
