import { join } from 'node:path';
import { type Image, nodeProgram } from '../image.ts';

/** Writes access log lines of a made-up nginx. */
export const mockLogImage: Image = {
  entrypoint: ['/bin/mock_log'],
  cmd: ['--log-type=nginx', '--path=/var/log/nginx/access.log'],
  env: {},
  files: {
    '/bin/mock_log': `#!/bin/sh\nexec ${nodeProgram(join(import.meta.dirname, 'main.ts'))} "$@"\n`,
  },
  directories: ['/var/log/nginx'],
};
