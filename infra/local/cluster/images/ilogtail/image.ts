import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Image, nodeProgram } from '../image.ts';

const HOME = '/usr/local/ilogtail';

/** The control script with the place of the agent filled in. */
const controlScript = (): string =>
  readFileSync(join(import.meta.dirname, 'control.sh'), 'utf8').replaceAll(
    '@AGENT@',
    nodeProgram(join(import.meta.dirname, 'agent.ts')),
  );

/** A log agent that tails files and ships their lines to `<sink>/<Topic>.jsonl`. */
export const ilogtailImage = (tag: string, sink: string): Image => ({
  entrypoint: [`${HOME}/ilogtail_control.sh`],
  cmd: ['start_and_block', '10'],
  env: { ILOGTAIL_SINK: sink, ILOGTAIL_IMAGE: tag },
  files: { [`${HOME}/ilogtail_control.sh`]: controlScript() },
  directories: [HOME],
});
