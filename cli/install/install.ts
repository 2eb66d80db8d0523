/** Makes a cluster call the functions at an endpoint. */
import { setTimeout as pause } from 'node:timers/promises';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../shared/model/resources.ts';
import type { Strategy } from '../../shared/model/strategy.ts';
import type { UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';
import type { Manifest } from '../manifests.ts';
import { type Applied, type Applier, createApplier } from './apply.ts';
import { untilEstablished } from './established.ts';
import { loadManifests } from './load.ts';
import { decideOpenKruise } from './openkruise/decide.ts';
import { findOpenKruise } from './openkruise/find.ts';
import { migrateStorage } from './openkruise/migrate.ts';
import { ownDefinition, replaceDefinition } from './openkruise/takeOver.ts';
import { planOf, type Step, type StepName } from './plan.ts';
import { endpointFault, requireInject } from './probe/probe.ts';
import { type Endpoint, renderManifests } from './render.ts';
import { rollBack } from './rollback.ts';
import { type Served, servedSteps } from './served.ts';
import { redact } from './text/redact.ts';
import { type Verification, verifyPods, verifySidecarSets } from './verify.ts';

export interface InstallOptions {
  endpoint: Endpoint;
  /** Of SidecarSets that do not say it themselves. Absent: what the cluster has stays. */
  strategy?: Strategy;
  /** Takes OpenKruise's place where it rests. */
  adopt?: boolean;
  /** Leaves out rights of kinds that the API server does not serve, as the embedded one; otherwise they are a refusal. */
  skipUnserved?: boolean;
  /** Aborted: what was registered is taken back. */
  signal?: AbortSignal;
  /** Takes one line of what was done. */
  say: (line: string) => void;
}

/** The steps of an installation in a cluster as it is, every webhook pointing at the endpoint. */
const stepsFor = async (
  cluster: UserCluster,
  { endpoint, strategy }: Pick<InstallOptions, 'endpoint' | 'strategy'>,
): Promise<Served> =>
  servedSteps(planOf(renderManifests(await loadManifests(), endpoint), strategy), cluster.find);

/**
 * Applies everything in order, for an endpoint that is known to answer and a cluster that is known to be free. Rights of
 * kinds that the cluster does not serve are left out. Idempotent.
 */
export const install = async (cluster: UserCluster, endpoint: Endpoint): Promise<void> => {
  const applier = createApplier(cluster);
  for (const { name, manifests } of (await stepsFor(cluster, { endpoint })).steps) {
    for (const manifest of manifests) {
      const { key } = await applier.apply(manifest);
      if (name === 'definition') await untilEstablished(cluster, key.name);
    }
  }
};

/** What a failed installation has to take back. */
const REVERSIBLE: StepName[] = ['definition', 'sidecarset', 'inject', 'observe'];

interface Run extends InstallOptions {
  cluster: UserCluster;
  applier: Applier;
  foreignDefinition: boolean;
  /** What a rollback has to know, in the order in which it was done. */
  done: Applied[];
}

const sayApplied = ({ say }: Run, { kind, metadata }: Manifest, action: string): void =>
  say(`${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}: ${action}`);

/** As server-side apply would have it, could it take away what is theirs. */
export const replacement = async (cluster: UserCluster, manifest: Manifest): Promise<Applied> => {
  const key = { name: manifest.metadata.name };
  const before = await cluster.get(CUSTOM_RESOURCE_DEFINITIONS, key);
  return { action: 'configured', resource: CUSTOM_RESOURCE_DEFINITIONS, key, before, after: manifest };
};

const adoptDefinition = async (run: Run, manifest: Manifest): Promise<void> => {
  const { cluster, applier, done } = run;
  done.push(await replacement(cluster, manifest));
  await replaceDefinition(cluster, manifest);
  const { after } = await applier.apply(manifest);
  await ownDefinition(cluster, after);
  sayApplied(run, manifest, "put in the place of OpenKruise's");
};

const applyManifest = async (run: Run, name: StepName, manifest: Manifest): Promise<void> => {
  if (name === 'definition' && run.foreignDefinition) return adoptDefinition(run, manifest);
  const applied = await run.applier.apply(manifest);
  if (REVERSIBLE.includes(name)) run.done.push(applied);
  sayApplied(run, manifest, applied.action);
};

const sayVerified = ({ say }: Run, what: string, verification: Verification): void =>
  say(
    verification.kind === 'verified'
      ? `the API server gets ${what} from the endpoint`
      : `could not see whether the API server gets ${what} from the endpoint: ${verification.sentence}`,
  );

const migrate = async ({ cluster, say }: Run): Promise<void> => {
  const migration = await migrateStorage(cluster);
  if (migration === undefined) return;
  say(`SidecarSets stored as v1beta1: ${migration.written}`);
  for (const why of migration.refused) say(`stays stored as it was: ${redact(why)}`);
};

const runStep = async (run: Run, step: Step): Promise<void> => {
  if (step.name === 'inject') await requireInject(run.endpoint, pause);
  for (const manifest of step.manifests) {
    run.signal?.throwIfAborted();
    await applyManifest(run, step.name, manifest);
  }
  await settle(run, step);
};

const takeBack = async ({ cluster, applier, done, say }: Run, fault: unknown): Promise<never> => {
  try {
    await rollBack(cluster, applier, done);
  } catch (cause) {
    const [why, whyNot] = [fault, cause].map((each) => (each instanceof Error ? each.message : String(each)));
    const advice = 'run "sidecarset uninstall" so that the cluster waits for no webhook';
    throw new UserFacingError(`${why}; and it could not be taken back: ${whyNot}: ${advice}`, { cause });
  }
  say('webhooks and conversion were put back to what they were');
  throw fault;
};

/** What has to hold before the next step. */
const settle = async (run: Run, { name, manifests }: Step): Promise<void> => {
  const { cluster } = run;
  if (name === 'definition')
    for (const { metadata } of manifests) await untilEstablished(cluster, metadata.name);
  if (name === 'sidecarset') {
    sayVerified(run, 'verdicts on SidecarSets', await verifySidecarSets(cluster));
    await migrate(run);
  }
  if (name === 'inject') sayVerified(run, 'sidecars for Pods', await verifyPods(cluster));
};

export interface InstallCheck {
  steps: Step[];
  /** Why an installation is refused. */
  refused: string | undefined;
  /** The definition of SidecarSets is OpenKruise's, and would be replaced. */
  foreignDefinition: boolean;
}

const TOO_OLD = 'Kubernetes 1.30 or newer is needed';

/** Looks at the cluster and the endpoint; writes nothing. */
export const checkInstall = async (
  cluster: UserCluster,
  options: Omit<InstallOptions, 'say' | 'signal'>,
): Promise<InstallCheck> => {
  const { endpoint, adopt = false, skipUnserved = false } = options;
  const found = await findOpenKruise(cluster);
  const decision = decideOpenKruise(found, adopt);
  const { steps, unserved } = await stepsFor(cluster, options);
  const check = { steps, foreignDefinition: found.definition };
  if (decision.kind === 'refused') return { ...check, refused: decision.sentence };
  if (unserved.length > 0 && !skipUnserved)
    return { ...check, refused: `the cluster does not serve ${unserved.join(', ')}: ${TOO_OLD}` };
  return { ...check, refused: await endpointFault(endpoint) };
};

/**
 * Installs for good, in this order: nothing is written unless OpenKruise is absent (or rests, with `adopt`) and every
 * route of the endpoint answers; then namespace, definition, rights, configuration; then each webhook, and after each the
 * API server itself must get its answer. If it does not, webhooks and conversion are put back to what they were.
 * Idempotent. Rejects with a UserFacingError that says what to do.
 */
export const installChecked = async (cluster: UserCluster, options: InstallOptions): Promise<void> => {
  const { steps, refused, foreignDefinition } = await checkInstall(cluster, options);
  if (refused !== undefined) throw new UserFacingError(`${refused}. Nothing was changed`);
  const run: Run = { ...options, cluster, applier: createApplier(cluster), foreignDefinition, done: [] };
  try {
    for (const step of steps) await runStep(run, step);
  } catch (fault) {
    await takeBack(run, fault);
  }
};
