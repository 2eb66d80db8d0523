/** `/bin/mock_log` of the image docker-log-test. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { accessLine } from './line.ts';
import { type MockLogOptions, readOptions } from './options.ts';

const host = process.env['HOSTNAME'] ?? 'localhost';

const write = (options: MockLogOptions, sequence: number): void => {
  if (options.count > 0 && sequence > options.count) {
    console.log(`mock_log: wrote ${options.count} lines`);
    return;
  }
  appendFileSync(options.path, `${accessLine(sequence, host, new Date())}\n`);
  setTimeout(() => write(options, sequence + 1), options.interval);
};

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(`mock_log: ${options}`);
  process.exitCode = 1;
} else {
  process.on('SIGTERM', () => process.exit(0));
  mkdirSync(dirname(options.path), { recursive: true });
  console.log(`mock_log: ${options.count > 0 ? options.count : 'endless'} lines to ${options.path}`);
  write(options, 1);
}
