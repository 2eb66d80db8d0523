/** Jobs, Pods and containers of the tests on a real node. */
import type { Container, Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_TERMINATION,
  ENV_IGNORE_EXIT_CODE,
  ENV_PRIORITY,
  ENV_TERMINATE,
  ENV_TERMINATE_WITH_IMAGE,
} from '../../../shared/model/names.ts';
import { BARE_IMAGE, SHELL_IMAGE } from '../rig/images.ts';

/** Seconds: a node under load tells late of an end, and the next strategy would be tried. */
const GRACE = 20;
/** For a sidecar that does not end on SIGTERM, so that this need not take long. */
export const SHORT_GRACE = { terminationGracePeriodSeconds: 2 };
export const ON_FAILURE = { restartPolicy: 'OnFailure' };

export const EXIT_IMAGE = 'node.test/exit:1';

export const MAIN = 'main';
export const SIDE = 'side';

const variable = (name: string, value = 'true') => ({ name, value });
export const TERMINATE = variable(ENV_TERMINATE);
export const IGNORE = variable(ENV_IGNORE_EXIT_CODE);
export const WITH_IMAGE = variable(ENV_TERMINATE_WITH_IMAGE, EXIT_IMAGE);
export const priority = (value: number) => variable(ENV_PRIORITY, String(value));

/** What a sidecar's process does. It waits beside its child, so that the shell handles a signal at once. */
export const SCRIPTS = {
  exits0: "trap 'echo TERM; exit 0' TERM; echo up; sleep 1d & wait",
  exits143: "trap 'echo TERM; exit 143' TERM; echo up; sleep 1d & wait",
  ignores: "trap 'echo TERM' TERM; echo up; while :; do sleep 1d & wait; done",
} as const;

export const shell = (script: string): Partial<Container> => ({
  image: SHELL_IMAGE,
  command: ['/bin/sh', '-c', script],
});
/** Its process 1 handles no signal. */
export const HANDLERLESS: Partial<Container> = { image: SHELL_IMAGE, command: ['/bin/sleep', '1d'] };
/** There is no shell in its image. */
export const bare = (...args: string[]): Partial<Container> => ({ image: BARE_IMAGE, args });

export const side = (what: Partial<Container>, more: Partial<Container> = {}): Container => ({
  name: SIDE,
  image: SHELL_IMAGE,
  env: [TERMINATE],
  ...what,
  ...more,
});

export const main = (script = 'usleep 500000'): Container => ({
  name: MAIN,
  ...(shell(`echo up; ${script}`) as { image: string }),
});

export interface JobOptions {
  name: string;
  namespace?: string;
  containers: Container[];
  /** More of the Pod's spec. */
  pod?: object;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** More of the Job's spec. */
  job?: object;
}

export const podSpec = (containers: Container[], more: object = {}) => ({
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: GRACE,
  containers,
  ...more,
});

export const jobOf = (options: JobOptions) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: options.name, namespace: options.namespace ?? 'default' },
  spec: {
    backoffLimit: 0,
    ...options.job,
    template: {
      metadata: { labels: options.labels, annotations: options.annotations },
      spec: podSpec(options.containers, options.pod),
    },
  },
});

export interface SetOptions {
  name: string;
  annotations?: Record<string, string>;
  containers: Container[];
}

/** Selects the Pods with the label `set: <its name>`. */
export const sidecarSetOf = ({ name, annotations, containers }: SetOptions) => ({
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: { name, annotations },
  spec: { selector: { matchLabels: { set: name } }, containers },
});

/** `<strategy>` of each recorded try of the sidecar, with its outcome if there is one. */
export const triesOf = ({ metadata }: Pod): string[] => {
  const record = JSON.parse(metadata.annotations?.[ANNOTATION_TERMINATION] ?? '{}');
  const tries: { strategy: string; outcome?: string }[] = record[SIDE] ?? [];
  return tries.map(({ strategy, outcome }) => (outcome ? `${strategy} ${outcome}` : strategy));
};
