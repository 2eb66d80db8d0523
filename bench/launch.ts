/**
 * `npm run bench:launch`: from a level that is ready to the key and the poke that open the next one, and many Pods at
 * once, on a real API server with a kubelet that only reports. Exit code 1: a Pod is not open, or out of order.
 */
import { join } from 'node:path';
import { EXIT } from '../cli/failure.ts';
import { inTemporaryDirectory, interruptionSignal } from '../cli/interruption.ts';
import { runCommand } from '../cli/run.ts';
import { type Options, readOptions } from './launch/options.ts';
import { playPath } from './launch/play.ts';
import { loadNow, printReport, type Report, writeReport } from './launch/report.ts';

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

const measure = async (options: Options, interruption: AbortSignal): Promise<Report> => {
  const report: Report = { options, load: loadNow(), results: [], writesPerSecond: {}, problems: [] };
  for (const path of options.paths) {
    const { results, writesPerSecond, problems } = await inTemporaryDirectory((directory) =>
      playPath(path, { directory: join(directory, path), options, interruption, say }),
    );
    report.results.push(...results);
    report.writesPerSecond[path] = writesPerSecond;
    report.problems.push(...problems);
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
