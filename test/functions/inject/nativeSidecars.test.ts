/** The example's log agent under the strategy `native`. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../../shared/model/admission.ts';
import { CONFIG_MAPS, NAMESPACES, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import type { Strategy } from '../../../shared/model/strategy.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { marked } from '../../support/fleet.ts';
import { configMap, createAnswerIn, jobPod, namespace, patched, review, storedSet } from './setting.ts';

let cluster: FakeCluster;
let log: FakeLog;

const inject = (body: unknown): Promise<AdmissionReview> => createAnswerIn(cluster, log)(body);

const FIRST_READS = ['list sidecarsets', 'get namespaces', 'get configmaps'];

beforeEach(() => {
  cluster = createFakeCluster();
  cluster.put(NAMESPACES, namespace('default'));
  log = createFakeLog();
});

describe('a sidecar that is to be native', () => {
  const native = async (): Promise<SidecarSet> =>
    marked(await storedSet(), { 'serverless.sidecarset.io/strategy': 'native' });
  const reads = () => cluster.calls.map(({ verb, resource }) => `${verb} ${resource}`.trim());

  it('is an init container that goes on, and the Job’s Pod waits for nothing else', async () => {
    cluster.put(SIDECARSETS, await native());
    const pod = await jobPod();
    const answer = await inject(review(pod));
    const { metadata, spec } = patched(pod, answer);
    expect(answer.response).not.toHaveProperty('warnings');
    expect(spec.initContainers).toMatchObject([{ name: 'ilogtail', restartPolicy: 'Always' }]);
    expect(spec.containers).toEqual(pod.spec.containers);
    expect(metadata.name).toBeUndefined();
    expect(reads()).toEqual([...FIRST_READS, 'version']);
  });

  it('has the annotations of a plain one', async () => {
    const pod = await jobPod();
    cluster.put(SIDECARSETS, await storedSet());
    const plain = patched(pod, await inject(review(pod)));
    cluster.put(SIDECARSETS, await native());
    expect(patched(pod, await inject(review(pod))).metadata.annotations).toEqual(plain.metadata.annotations);
  });

  it.each<[Strategy, string[]]>([
    ['native', [...FIRST_READS, 'version']],
    ['compatible', FIRST_READS],
  ])('is one by the default %s of the installation, and only then the version is read', async (strategy, expected) => {
    cluster.put(SIDECARSETS, await storedSet());
    cluster.put(CONFIG_MAPS, configMap({ strategy }));
    const pod = await jobPod();
    const { spec } = patched(pod, await inject(review(pod)));
    expect(spec.initContainers?.length ?? 0).toBe(strategy === 'native' ? 1 : 0);
    expect(reads()).toEqual(expected);
  });

  it('costs no read where no set selects the Pod', async () => {
    const set = await native();
    cluster.put(SIDECARSETS, { ...set, spec: { ...set.spec, selector: { matchLabels: { other: 'x' } } } });
    cluster.put(CONFIG_MAPS, configMap({ strategy: 'native' }));
    await inject(review(await jobPod()));
    expect(reads()).toEqual(FIRST_READS);
  });

  it('is not waited for: the strategy is asked for beside the sets and the namespace', async () => {
    const answers = Promise.withResolvers<void>();
    cluster.put(SIDECARSETS, await storedSet());
    cluster.put(CONFIG_MAPS, configMap({ strategy: 'native' }));
    for (const read of FIRST_READS) {
      const [verb, resource = ''] = read.split(' ');
      cluster.before(verb as 'get' | 'list', resource, () => answers.promise);
    }
    const pod = await jobPod();
    const answer = inject(review(pod));
    expect(reads()).toEqual(FIRST_READS);
    answers.resolve();
    expect(patched(pod, await answer).spec.initContainers).toMatchObject([{ name: 'ilogtail' }]);
  });

  it('is a plain one where the strategy can not be read: the Pod is created, and the log says why', async () => {
    cluster.put(SIDECARSETS, await storedSet());
    cluster.put(CONFIG_MAPS, configMap({ strategy: 'native' }));
    cluster.before('get', 'configmaps', () => {
      throw new Error('forbidden');
    });
    const pod = await jobPod();
    const answer = await inject(review(pod));
    expect(patched(pod, answer).spec.containers.map(({ name }) => name)).toEqual(['ilogtail', 'nginx']);
    expect(log.entries.map(({ level, fields }) => [level, fields?.['fault']])).toEqual([
      ['warn', 'Error: forbidden'],
      ['info', undefined],
    ]);
  });

  it('is a plain one where the version can not be read: the Pod is created, and told why', async () => {
    cluster.put(SIDECARSETS, await native());
    cluster.before('version', '', () => {
      throw new Error('forbidden');
    });
    const pod = await jobPod();
    const answer = await inject(review(pod));
    const why = 'the version of the API server is not known';
    const warnings = [`SidecarSet ilogtail-sidecarset: ilogtail is injected as a plain container: ${why}`];
    expect(answer.response).toMatchObject({ allowed: true, warnings });
    expect(patched(pod, answer).spec.containers.map(({ name }) => name)).toEqual(['ilogtail', 'nginx']);
    // Who makes a Job's Pods never shows a warning.
    expect(log.entries.map(({ level, fields }) => [level, fields?.['warnings']])).toEqual([
      ['warn', undefined],
      ['info', warnings],
    ]);
  });

  it('stays as it is when the webhook is called again, by a function that knows less', async () => {
    cluster.put(SIDECARSETS, await native());
    const pod = await jobPod();
    const once = patched(pod, await inject(review(pod)));
    cluster.serverVersion = { major: 1, minor: 28 };
    expect((await inject(review(once))).response).toEqual({ uid: 'review-1', allowed: true });
  });
});
