import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { EXIT, UserFacingError } from '../failure.ts';
import { inTemporaryDirectory, interruptionSignal } from '../interruption.ts';
import { runCommand } from '../run.ts';
import { play } from './play.ts';
import type { Check, Report } from './report.ts';

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number of seconds above 0');
  return value;
};

const collect = (value: string, all: string[]): string[] => [...all, value];

const program = new Command('demo')
  .description(
    'Plays the worked example on a cluster and an event path of its own, and checks what happened.',
  )
  .option('--report <file>', 'write the checks and the timeline as JSON')
  .option('--sidecarset <file>', 'play the Job part with your own SidecarSet')
  .option('--job <file>', 'play the Job part with your own Job')
  .option('--patience <seconds>', 'how long a step may take', positive, 60)
  .option('--without <function>', 'break it: leave a function out (repeatable)', collect, [])
  .option('--kill', 'break it: the node sends SIGKILL where SIGTERM is asked for', false)
  .option('--resync <seconds>', 'resync this often, in place of the rates in serverless.yml', positive)
  .allowExcessArguments(false);

interface Options {
  report?: string;
  sidecarset?: string;
  job?: string;
  patience: number;
  without: string[];
  kill: boolean;
  resync?: number;
}

const line = ({ name, ok, detail }: Check): string =>
  `${ok ? pc.green('pass') : pc.red('FAIL')}  ${name}\n      ${pc.dim(detail)}`;

const summary = ({ checks }: Report): string => {
  const failed = checks.filter(({ ok }) => !ok).length;
  return `${checks.length - failed} checks passed, ${failed} failed`;
};

const writeReport = async (file: string, report: Report): Promise<void> => {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`).catch((cause: Error) => {
    throw new UserFacingError(`--report ${file}: can't be written: ${cause.message}`, { cause });
  });
};

await runCommand(async () => {
  const options = program.parse().opts<Options>();
  const signal = interruptionSignal();
  const report = await inTemporaryDirectory((directory) =>
    play({
      directory,
      sidecarSet: options.sidecarset,
      job: options.job,
      without: options.without,
      kill: options.kill,
      resyncEvery: options.resync && options.resync * 1000,
      patience: options.patience,
      print: console.log,
      signal,
    }),
  );
  console.log(`\n${report.checks.map(line).join('\n')}\n\n${summary(report)}`);
  if (options.report) await writeReport(options.report, report);
  return report.checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.checkFailed;
});
