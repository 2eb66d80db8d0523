/** `sidecarset`: puts the project into a cluster, takes it out, and says how it is. */
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { ClusterError } from '../shared/io/ports.ts';
import { STRATEGIES, type Strategy } from '../shared/model/strategy.ts';
import { openCluster, type UserCluster } from './cluster.ts';
import { buildExitImage, type ExitImageOptions } from './exitImage.ts';
import { EXIT, UserFacingError } from './failure.ts';
import { dryRun } from './install/dryRun.ts';
import { type EndpointOptions, readEndpoint } from './install/endpoint.ts';
import { installChecked } from './install/install.ts';
import { readStatus } from './install/status.ts';
import { redact } from './install/text/redact.ts';
import { uninstall } from './install/uninstall.ts';
import { interruptionSignal } from './interruption.ts';
import { runCommand } from './run.ts';

interface Place {
  kubeconfig?: string;
  context?: string;
}

interface Install extends Place, EndpointOptions {
  strategy?: Strategy;
  adopt?: boolean;
  dryRun?: boolean;
}

const say = (line: string): void => console.log(redact(line));

/** As kubectl finds it, of several files the first. */
const kubeconfigOf = ({ kubeconfig }: Place): string =>
  kubeconfig ?? (process.env['KUBECONFIG']?.split(delimiter)[0] || join(homedir(), '.kube', 'config'));

/** What the API server refuses is the user's to put right, and never shows a token. */
const forPeople = (fault: unknown): unknown => {
  const isKnown = fault instanceof ClusterError || fault instanceof UserFacingError;
  return isKnown ? new UserFacingError(redact(fault.message), { cause: fault }) : fault;
};

const run = (place: Place, work: (cluster: UserCluster) => Promise<number>): Promise<void> =>
  runCommand(async () => {
    try {
      return await work(await openCluster(kubeconfigOf(place), place.context));
    } catch (fault) {
      throw forPeople(fault);
    }
  });

const runInstall = (options: Install): Promise<void> =>
  run(options, async (cluster) => {
    const endpoint = await readEndpoint(options, process.env);
    if (options.dryRun) {
      const { changes, refused } = await dryRun(cluster, { ...options, endpoint });
      for (const change of changes) say(change);
      if (refused !== undefined) say(`\nAn installation would be refused now: ${refused}`);
      return EXIT.ok;
    }
    await installChecked(cluster, { ...options, endpoint, signal: interruptionSignal(), say });
    say(pc.green('installed'));
    return EXIT.ok;
  });

const runUninstall = (options: Place & { purge?: boolean; yes?: boolean }): Promise<void> =>
  run(options, async (cluster) => {
    if (options.purge && !options.yes) {
      throw new UserFacingError(
        '--purge deletes every SidecarSet and every ControllerRevision of one: add --yes if that is meant',
      );
    }
    await uninstall(cluster, { purge: options.purge, say });
    return EXIT.ok;
  });

const runStatus = (options: Place): Promise<void> =>
  run(options, async (cluster) => {
    const findings = await readStatus(cluster);
    for (const { name, ok, detail } of findings)
      say(`${ok ? pc.green('ok  ') : pc.red('FAIL')}  ${name.padEnd(16)}  ${detail}`);
    return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.checkFailed;
  });

const runExitImage = (options: ExitImageOptions): Promise<void> =>
  runCommand(async () => {
    await buildExitImage(options, console.log);
    return EXIT.ok;
  });

const program = new Command('sidecarset').description(
  'SidecarSets by functions: installs into a cluster, uninstalls, says how it is.',
);

const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('--kubeconfig <file>', 'the cluster (default: $KUBECONFIG, else ~/.kube/config)')
    .option('--context <name>', "a context of that file (default: the file's current one)")
    .allowExcessArguments(false);

command(
  'install',
  'Registers the functions at an endpoint that answers. Again: upgrades, or rotates the token.',
)
  .requiredOption('--url <url>', 'where the functions are: https://host/cluster')
  .option('--ca-bundle <file>', 'PEM of the CA that signed its certificate, where it is not a public one')
  .option('--token-file <file>', 'file that holds the path token (else $SIDECARSET_TOKEN)')
  .addOption(
    new Option('--strategy <strategy>', 'how sidecars start and end where a SidecarSet does not say').choices(
      [...STRATEGIES],
    ),
  )
  .option('--adopt', 'take the place of an OpenKruise that rests (docs/install.md)')
  .option('--dry-run', 'show what would change, as a diff, and change nothing')
  .action(runInstall);

command('uninstall', 'Takes webhooks and rights out of the cluster. SidecarSets stay.')
  .option('--purge', 'delete every SidecarSet, the definition and the namespace too')
  .option('--yes', 'with --purge: it is meant')
  .action(runUninstall);

command('status', 'Says what is installed and whether it answers; exit code 1 if something is wrong.').action(
  runStatus,
);

program
  .command('exit-image')
  .description('Builds the image that ends sidecars, for KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE.')
  .requiredOption(
    '-f, --filename <file>',
    'manifests with these sidecars; more than once for more files, - for standard input',
    (file: string, files: string[] = []) => [...files, file],
  )
  .option('-o, --output <file>', 'where the archive goes', 'exit.tar')
  .option('--name <reference>', "the image's name (default: the names in the manifests)")
  .allowExcessArguments(false)
  .action(runExitImage);

await program.parseAsync();
