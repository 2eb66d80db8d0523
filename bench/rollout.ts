/**
 * `npm run bench:rollout`: rollouts by the real function, in processes of its own, on a real API server. A kubelet that
 * only reports stands for the nodes; a watch stands for the webhook of `observe` and measures. Exit code 1: a check failed.
 */
import { join } from 'node:path';
import { EXIT } from '../cli/failure.ts';
import { inTemporaryDirectory, interruptionSignal } from '../cli/interruption.ts';
import { runCommand } from '../cli/run.ts';
import { casesOf, type Options, readOptions } from './rollout/options.ts';
import { playCase } from './rollout/play.ts';
import { printReport, printRow, type Report, writeReport } from './rollout/report.ts';

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

const measure = async (options: Options, interruption: AbortSignal): Promise<Report> => {
  const report: Report = { options, heap: 0, podBytes: 0, rows: [], problems: [] };
  for (const [index, wanted] of casesOf(options).entries()) {
    const { rows, problems, ...rest } = await inTemporaryDirectory((directory) =>
      playCase(wanted, {
        directory: join(directory, `case-${index}`),
        options,
        interruption,
        say,
        onRow: printRow,
      }),
    );
    report.rows.push(...rows);
    report.problems.push(...problems);
    Object.assign(report, rest);
  }
  return report;
};

await runCommand(async () => {
  const options = readOptions();
  const report = await measure(options, interruptionSignal());
  printReport(report);
  if (options.json) await writeReport(options.json, report);
  for (const problem of report.problems) console.error(`failed: ${problem}`);
  return report.problems.length > 0 ? EXIT.checkFailed : EXIT.ok;
});
