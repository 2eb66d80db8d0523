/** What brings a change to `launch`. */
import { join } from 'node:path';
import { loadManifests } from '../../cli/install/load.ts';
import { type Endpoint, renderManifests } from '../../cli/install/render.ts';
import { forward } from '../../shared/core/forwarding/forward.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { Resource } from '../../shared/model/resources.ts';
import { startChild } from '../support/child.ts';
import { startEventPath } from '../support/eventPath.ts';
import type { Path } from './options.ts';

export interface LaunchPath {
  /** A change that a watch has shown. */
  take(before: Pod | undefined, after: Pod): void;
  /** Outcomes by code, and what was logged as an error, since the last question. */
  tally(): Promise<{ outcomes: Record<string, number>; faults: string[] }>;
  stop(): Promise<void>;
}

export interface PathOptions {
  admin: Cluster;
  /** With the rights of `launch`. */
  own: ClusterAccess;
  environments: number;
  onFault: (fault: unknown) => void;
}

const OBSERVE: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingwebhookconfigurations',
  kind: 'ValidatingWebhookConfiguration',
  namespaced: false,
};

const add = (counts: Record<string, number>, code: string, count = 1): void => {
  counts[code] = (counts[code] ?? 0) + count;
};

/** What `observe` would make of the change. */
const eventOf = (before: Pod | undefined, after: Pod) => {
  const decision = forward(
    {
      uid: 'bench',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: after.metadata.namespace,
      operation: before ? 'UPDATE' : 'CREATE',
      userInfo: {},
      object: after,
      oldObject: before ?? null,
    },
    { cluster: 'bench', at: new Date().toISOString() },
  );
  return decision.kind === 'event' && decision.event.calls.includes('launch') ? decision.event : undefined;
};

const startAlone = async ({ own, environments, onFault }: PathOptions): Promise<LaunchPath> => {
  const path = await startEventPath({
    name: 'launch',
    program: join(import.meta.dirname, 'function.ts'),
    access: own,
    environments,
    latencyMilliseconds: 0,
    duplicates: false,
    onFault,
  });
  return {
    take(before, after) {
      const event = eventOf(before, after);
      if (event) path.send(event);
    },
    async tally() {
      const outcomes: Record<string, number> = {};
      const { figures } = await path.take();
      for (const each of figures)
        for (const [code, count] of Object.entries(each.outcomes)) add(outcomes, code, count);
      return { outcomes, faults: figures.flatMap(({ faults }) => faults) };
    },
    stop: () => path.stop(),
  };
};

const register = async (admin: Cluster, endpoint: Endpoint): Promise<void> => {
  const manifests = renderManifests(await loadManifests(), endpoint);
  const observe = manifests.find(
    ({ kind, metadata }) => kind === OBSERVE.kind && metadata.name.endsWith('-observe'),
  );
  if (observe === undefined) throw new Error('infra/cluster has no webhook configuration of observe');
  await admin.create(OBSERVE, observe);
};

const startBus = async ({ admin, own, onFault }: PathOptions): Promise<LaunchPath> => {
  let outcomes: Record<string, number> = {};
  let faults: string[] = [];
  const onLine = (line: string): void => {
    const { code } = /"code":"(?<code>[A-Za-z]+)"/.exec(line)?.groups ?? {};
    if (/"level":"error"/i.test(line)) faults.push(line);
    else if (code !== undefined) add(outcomes, code);
  };
  const functions = startChild<ClusterAccess>({ program: '../launch/functions.ts', onFault, onLine });
  try {
    await register(admin, await functions.ask<Endpoint>(own));
  } catch (fault) {
    await functions.stop();
    throw fault;
  }
  return {
    take: () => undefined,
    async tally() {
      const taken = { outcomes, faults };
      outcomes = {};
      faults = [];
      return taken;
    },
    stop: () => functions.stop(),
  };
};

const STARTS: Record<Path, (options: PathOptions) => Promise<LaunchPath>> = {
  alone: startAlone,
  bus: startBus,
};

export const startPath = (path: Path, options: PathOptions): Promise<LaunchPath> => STARTS[path](options);
