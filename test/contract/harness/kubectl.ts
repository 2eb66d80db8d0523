/** kubectl's output, right and wrong. */
import type { Json, Output } from './api.ts';
import type { Sabotage } from './contract.ts';

/** A command that went well. */
export const done = (stdout: string): Output => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });

export const prints = (behaviour: string, from: string | RegExp, to: string): Sabotage => ({
  behaviour,
  kubectl: (output) => ({
    ...output,
    stdout: output.stdout.replace(from, to),
    stderr: output.stderr.replace(from, to),
  }),
});

export const SILENT: Sabotage = {
  behaviour: 'answers nothing',
  kubectl: (output) => ({ ...output, stdout: '', stderr: '' }),
};

export const NEVER_FAILS: Sabotage = {
  behaviour: 'refuses nothing',
  kubectl: (output) => ({ ...output, code: 0, stderr: '' }),
};

/** Without Pods. */
export const deployment = (name: string, container: Json = {}, more: Json = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'nginx:1', ...container }] },
    },
    ...more,
  },
});
