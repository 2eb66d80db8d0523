/**
 * `npm run bench:terminate`: from the end of a Job's main container to the end of its sidecar, hop by hop, on a real
 * control plane with the local node (real processes, exec through the API server) and the functions on the local event
 * path. Exit code 1: a Job is not Complete, or SIGTERM was not delivered once.
 */
import { EXIT } from '../cli/failure.ts';
import { inTemporaryDirectory, interruptionSignal } from '../cli/interruption.ts';
import { runCommand } from '../cli/run.ts';
import { readOptions } from './terminate/options.ts';
import { play } from './terminate/play.ts';
import { loadNow, printReport, type Report, writeReport } from './terminate/report.ts';

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

await runCommand(async () => {
  const options = readOptions();
  const interruption = interruptionSignal();
  const load = loadNow();
  const played = await inTemporaryDirectory((directory) => play({ directory, options, interruption, say }));
  const report: Report = { options, load, ...played };
  printReport(report);
  if (options.json) await writeReport(options.json, report);
  for (const problem of report.problems) console.error(`failed: ${problem}`);
  return report.problems.length > 0 ? EXIT.checkFailed : EXIT.ok;
});
