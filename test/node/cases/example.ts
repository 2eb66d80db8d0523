/** examples/ilogtail as it is, with stand-ins for its images. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Served } from '../rig/served.ts';
import { hasEnded, hasStarted, untilJobEnds, untilPod } from './watching.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples/ilogtail');
const JOB = 'nginx-mock';

/** Its tag means that it is pulled always, and there is no registry. */
const jobWithoutPull = async (): Promise<object> => {
  const job = parse(await readFile(join(EXAMPLES, 'job.yaml'), 'utf8'));
  for (const container of job.spec.template.spec.containers) container.imagePullPolicy = 'IfNotPresent';
  return job;
};

export const exampleCases = (served: () => Served): void => {
  it('the Job of the example completes, its log agent started first, and no line is lost', async () => {
    const { kubectl, history } = served();
    for (const name of ['secret', 'sidecarset']) await kubectl('apply', '-f', join(EXAMPLES, `${name}.yaml`));
    await kubectl.apply(await jobWithoutPull());
    expect(await untilJobEnds(history, JOB)).toBe('Complete');
    const early = history
      .pods(JOB)
      .filter(({ object }) => hasStarted(object, 'nginx') && !hasStarted(object, 'ilogtail'));
    expect(early).toEqual([]);
    const { metadata } = await untilPod(history, JOB, (pod) => hasEnded(pod, 'ilogtail'));
    const log = await kubectl('logs', metadata.name, '-c', 'ilogtail');
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`);
    expect(log.split('\n')).toEqual(['up', ...lines, 'TERM']);
  });
};
