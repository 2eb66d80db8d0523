/** The golden cases of the injection on a real API server: what its own plugins and checks make of them. */
import { beforeAll, expect, it, vi } from 'vitest';
import { install } from '../../../cli/install/install.ts';
import { collectionPath } from '../../../shared/io/cluster/client.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  CONFIG_MAP_KRUISE,
  KEY_WHITELIST,
  SYSTEM_NAMESPACE,
} from '../../../shared/model/names.ts';
import {
  CONFIG_MAPS,
  CONTROLLER_REVISIONS,
  PODS,
  SERVICE_ACCOUNTS,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import { type Expected, expectedOf, files, type Given, givenOf, sentencesOf } from '../../golden/cases.ts';
import { endpointOf, useSetting } from '../install/setting.ts';

const setting = useSetting();

beforeAll(async () => {
  const { cluster, functions } = setting();
  await install(cluster, endpointOf(functions));
  const data = { [KEY_WHITELIST]: '{"rules":[{"allowedAnnotationKeyExprs":[".*"]}]}' };
  const metadata = { name: CONFIG_MAP_KRUISE, namespace: SYSTEM_NAMESPACE };
  await cluster.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as never);
  // A Pod is refused in a namespace whose service account the controllers have not made yet.
  const account = { namespace: 'default', name: 'default' };
  await vi.waitUntil(() => cluster.get(SERVICE_ACCOUNTS, account), { timeout: 60_000, interval: 100 });
});

/** Mounts of the service account's token are the API server's business. */
const quiet = (pod: Pod): object => ({
  ...pod,
  apiVersion: 'v1',
  kind: 'Pod',
  spec: { ...pod.spec, automountServiceAccountToken: false },
});

const created = async (pod: Pod) => {
  const path = collectionPath(PODS, 'default');
  const { status, body } = await setting().cluster.send({
    method: 'POST',
    path,
    query: { dryRun: 'All' },
    body: quiet(pod),
  });
  return { status, body: body as Pod & { message: string } };
};

const WHEN = /"updateTimestamp":"[^"]*"/g;

/** Annotations without the time of the injection. */
const annotationsOf = ({ metadata }: Pod): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).map(([key, value]) => [key, value.replace(WHEN, '')]),
  );

/** What admission has generated differs each time: a name that stands in the barriers, and the barrier of a named Pod. */
const comparable = (pod: Pod): object => {
  const name = pod.metadata.generateName && pod.metadata.name;
  const text = JSON.stringify(pod.spec).replaceAll(/-barrier-[a-z0-9]{5}"/g, '-barrier"');
  return JSON.parse(name ? text.replaceAll(name, 'generated') : text) as object;
};

/** This API server has its own version, and nobody has told the functions a strategy. */
const isPlayedHere = async (sentence: string): Promise<boolean> =>
  (await givenOf(sentence)).platform === undefined;

const all = sentencesOf(await files());
const played = await Promise.all(all.map(isPlayedHere));
const sentences = all.filter((_, index) => played[index]);

const stored = async ({ sidecarSets, revisions }: Given, undo: AsyncDisposableStack): Promise<void> => {
  const { cluster } = setting();
  for (const revision of revisions) {
    const metadata = { ...revision.metadata, namespace: SYSTEM_NAMESPACE };
    await cluster.create(CONTROLLER_REVISIONS, { ...revision, metadata });
    undo.defer(() => cluster.remove(CONTROLLER_REVISIONS, metadata));
  }
  for (const set of sidecarSets) {
    await cluster.create(SIDECARSETS, { ...set, apiVersion: 'apps.kruise.io/v1beta1', kind: 'SidecarSet' });
    undo.defer(() => cluster.remove(SIDECARSETS, set.metadata));
  }
};

const compare = ({ status, body }: Awaited<ReturnType<typeof created>>, outcome: Expected): void => {
  switch (outcome.kind) {
    case 'refused':
      expect([status, body.message]).toEqual([422, expect.stringContaining(outcome.message)]);
      break;
    case 'unchanged':
      expect(body.metadata.annotations ?? {}).not.toHaveProperty([ANNOTATION_HASH]);
      break;
    default:
      expect(status, body.message).toBe(201);
      expect(annotationsOf(body)).toEqual(annotationsOf(outcome.pod));
      expect(comparable(body)).toMatchObject(comparable(outcome.pod));
  }
};

it.each(sentences)('%s', async (sentence) => {
  const given = await givenOf(sentence);
  const expected = await expectedOf(sentence);
  await using undo = new AsyncDisposableStack();
  await stored(given, undo);
  expect(expected).toHaveLength(given.pods.length);
  for (const [index, pod] of given.pods.entries()) {
    const outcome = expected[index];
    // A status that is given on creation does not count for the API server.
    if (outcome && pod.status === undefined) compare(await created(pod), outcome);
  }
});
