import { describe, expect, it } from 'vitest';
import { planJob } from '../../../../../../infra/local/cluster/controllers/job/plan.ts';
import type { Plan } from '../../../../../../infra/local/cluster/controllers/plan.ts';
import type { Job, JobStatus } from '../../../../../../infra/local/cluster/controllers/workloads.ts';
import type { Pod } from '../../../../../../shared/model/kubernetes.ts';
import { ended, job, NOW, pod, ready, restarted, seconds, TRACKED } from '../objects.ts';

/** Plans in short: `create`, `remove a`, `release a`, `status`, `event Completed`, `delete mock`. */
const short = ({ actions }: Plan): string[] =>
  actions.map((action) => {
    switch (action.kind) {
      case 'create-pod':
        return 'create';
      case 'remove-pod':
        return `remove ${action.pod.metadata.name}`;
      case 'patch':
        return `release ${action.subject.metadata.name}`;
      case 'remove':
        return `delete ${action.subject.metadata.name}`;
      case 'event':
        return `event ${action.reason}`;
      default:
        return action.kind;
    }
  });

const statusOf = ({ actions }: Plan): JobStatus | undefined => {
  const write = actions.find(({ kind }) => kind === 'status');
  return write?.kind === 'status' ? (write.object as Job).status : undefined;
};

const types = (plan: Plan): string[] | undefined => statusOf(plan)?.conditions?.map(({ type }) => type);

const started: JobStatus = { startTime: seconds(-60), ready: 0, terminating: 0, uncountedTerminatedPods: {} };

const tracked = (name: string, status: Pod['status'], metadata = {}): Pod =>
  pod(name, status, { ...TRACKED, ...metadata });

describe('planning the Pods of a Job', () => {
  it('notes the start and creates the Pod with the labels, finalizer and owner by which it is found', () => {
    const plan = planJob(job(), [], NOW);
    expect(short(plan)).toEqual(['status', 'create']);
    expect(statusOf(plan)?.startTime).toBe('2026-03-01T12:00:00Z');
    const create = plan.actions[1];
    expect(create?.kind === 'create-pod' && create.pod.metadata).toEqual({
      generateName: 'mock-',
      namespace: 'default',
      labels: {
        app: 'mock',
        'batch.kubernetes.io/controller-uid': 'job-uid',
        'batch.kubernetes.io/job-name': 'mock',
        'controller-uid': 'job-uid',
        'job-name': 'mock',
      },
      finalizers: ['batch.kubernetes.io/job-tracking'],
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: 'mock',
          uid: 'job-uid',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  it.each([
    ['as many as may run at once', { parallelism: 2, completions: 5 }, [], ['create', 'create']],
    ['no more than are still wanted', { parallelism: 3, completions: 2 }, [], ['create', 'create']],
    ['none while one runs', {}, [tracked('a', ready())], []],
    [
      'one for one that is being deleted',
      { backoffLimit: 1 },
      [tracked('a', {}, { deletionTimestamp: seconds(0) })],
      ['release a', 'create'],
    ],
    [
      'none for one that is being deleted if only ended ones are replaced',
      { podReplacementPolicy: 'Failed' as const },
      [tracked('a', {}, { deletionTimestamp: seconds(0) })],
      [],
    ],
    [
      'fewer after parallelism went down, the one that is not ready first',
      { parallelism: 1, completions: 5 },
      [tracked('a', ready()), tracked('b', {})],
      ['remove b'],
    ],
  ])('asks for %s', (_what, spec, pods, expected) => {
    const plan = planJob(job(spec, started), pods, NOW);
    expect(short(plan).filter((action) => action !== 'status')).toEqual(expected);
  });

  it('counts active and ready Pods', () => {
    const plan = planJob(
      job({ parallelism: 2, completions: 2 }, started),
      [tracked('a', ready()), tracked('b', {})],
      NOW,
    );
    expect(statusOf(plan)).toMatchObject({ active: 2, ready: 1, terminating: 0 });
  });

  it('writes nothing when the status already tells the truth', () => {
    const status = { ...started, active: 1, ready: 1 };
    expect(planJob(job({}, status), [tracked('a', ready())], NOW)).toEqual({ actions: [], again: undefined });
  });
});

describe('the end of a Job', () => {
  it('first notes the ended Pod and lets it go, and is not complete before it is counted', () => {
    const plan = planJob(job({}, started), [tracked('a', ended('Succeeded'))], NOW);
    expect(short(plan)).toEqual(['status', 'release a']);
    expect(types(plan)).toEqual(['SuccessCriteriaMet']);
    expect(statusOf(plan)).toMatchObject({ uncountedTerminatedPods: { succeeded: ['a-uid'] } });
    expect(statusOf(plan)?.completionTime).toBeUndefined();
  });

  it('is Complete with time, count and Event once the Pod is counted', () => {
    const before = planJob(job({}, started), [tracked('a', ended('Succeeded'))], NOW);
    const plan = planJob(job({}, statusOf(before)), [pod('a', ended('Succeeded'))], NOW);
    expect(types(plan)).toEqual(['SuccessCriteriaMet', 'Complete']);
    expect(statusOf(plan)).toMatchObject({
      succeeded: 1,
      completionTime: seconds(0),
      uncountedTerminatedPods: {},
    });
    expect(short(plan)).toEqual(['status', 'event Completed']);
  });

  it('counts a Pod that is gone altogether', () => {
    const status = { ...started, uncountedTerminatedPods: { succeeded: ['a-uid'] } };
    expect(types(planJob(job({}, status), [], NOW))).toEqual(['SuccessCriteriaMet', 'Complete']);
  });

  it('fails beyond the limit: first the target and the end of what still runs', () => {
    const pods = [tracked('a', ended('Failed', -20)), tracked('b', ready())];
    const plan = planJob(job({ parallelism: 2, completions: 2 }, started), pods, NOW);
    expect(types(plan)).toEqual(['FailureTarget']);
    expect(short(plan)).toEqual(['status', 'release a', 'remove b']);
  });

  it('is Failed with its reason when nothing runs any more', () => {
    const status = { ...started, uncountedTerminatedPods: { failed: ['a-uid'] } };
    const plan = planJob(job({}, status), [pod('a', ended('Failed'))], NOW);
    expect(types(plan)).toEqual(['FailureTarget', 'Failed']);
    expect(statusOf(plan)?.conditions?.[1]).toMatchObject({ reason: 'BackoffLimitExceeded', status: 'True' });
    expect(statusOf(plan)).toMatchObject({ failed: 1 });
    expect(short(plan)).toEqual(['status', 'event BackoffLimitExceeded']);
  });

  it('waits for a Pod that is still ending before it is Failed', () => {
    const status = { ...started, failed: 1 };
    const ending = pod('b', { phase: 'Running' }, { deletionTimestamp: seconds(0) });
    expect(types(planJob(job({}, status), [ending], NOW))).toEqual(['FailureTarget']);
  });

  it.each([
    ['OnFailure', 0, 1, ['FailureTarget']],
    ['OnFailure', 2, 1, undefined],
    ['OnFailure', 2, 2, ['FailureTarget']],
    ['Never', 0, 1, undefined],
  ] as const)('under %s with backoffLimit %i and %i restarts has the conditions %j', (restartPolicy, backoffLimit, restarts, expected) => {
    const { template } = job().spec;
    const spec = { backoffLimit, template: { ...template, spec: { ...template.spec, restartPolicy } } };
    const running = tracked('a', { ...ready(), containerStatuses: [restarted(restarts)] });
    expect(types(planJob(job(spec, started), [running], NOW))).toEqual(expected);
  });

  it('replaces a failed Pod within the limit, but not before its back-off is over', () => {
    const spec = { backoffLimit: 3 };
    const early = planJob(job(spec, started), [tracked('a', ended('Failed', -4))], NOW);
    expect(short(early)).toEqual(['status', 'release a']);
    expect(early.again).toBe(6_000);
    const late = planJob(job(spec, started), [tracked('a', ended('Failed', -10))], NOW);
    expect(short(late)).toEqual(['status', 'release a', 'create']);
  });

  it('is complete without `completions` after one success, once nothing runs', () => {
    const spec = { parallelism: 2, completions: undefined };
    const status = { ...started, succeeded: 1 };
    expect(types(planJob(job(spec, status), [tracked('b', ready())], NOW))).toBeUndefined();
    expect(types(planJob(job(spec, status), [], NOW))).toEqual(['SuccessCriteriaMet', 'Complete']);
  });

  it('looks again at its deadline and fails when it has passed', () => {
    const running = [tracked('a', ready())];
    expect(planJob(job({ activeDeadlineSeconds: 90 }, started), running, NOW).again).toBe(30_000);
    const late = planJob(job({ activeDeadlineSeconds: 60 }, started), running, NOW);
    expect(statusOf(late)?.conditions?.[0]).toMatchObject({
      type: 'FailureTarget',
      reason: 'DeadlineExceeded',
    });
  });

  it.each([
    [undefined, [], undefined],
    [60, [], 50_000],
    [10, ['delete mock'], undefined],
  ])('leaves a Job that finished 10 s ago, with a ttl of %j s, to %j', (ttlSecondsAfterFinished, expected, again) => {
    const conditions = [{ type: 'Complete', status: 'True' as const, lastTransitionTime: seconds(-10) }];
    const plan = planJob(job({ ttlSecondsAfterFinished }, { ...started, conditions }), [], NOW);
    expect(short(plan)).toEqual(expected);
    expect(plan.again).toBe(again);
  });
});

describe('Jobs that are not taken on', () => {
  it.each([
    ['spec.suspend', { suspend: true }],
    ['spec.completionMode', { completionMode: 'Indexed' }],
    ['spec.podFailurePolicy', { podFailurePolicy: { rules: [] } }],
    ['spec.successPolicy', { successPolicy: { rules: [] } }],
    ['spec.backoffLimitPerIndex', { backoffLimitPerIndex: 1 }],
    ['spec.maxFailedIndexes', { maxFailedIndexes: 1 }],
    ['spec.manualSelector', { manualSelector: true }],
  ])('are refused by an Event that names %s', (field, spec) => {
    const { actions } = planJob(job(spec), [], NOW);
    expect(actions).toMatchObject([{ kind: 'event', type: 'Warning', reason: 'NotSupported' }]);
    expect(actions[0]?.kind === 'event' && actions[0].message).toContain(field);
  });

  it('are left alone when another controller manages them', () => {
    expect(planJob(job({ managedBy: 'example.com/queue' }), [], NOW).actions).toEqual([]);
  });

  it('let their Pods go when they are being deleted', () => {
    const leaving = job({}, started);
    leaving.metadata.deletionTimestamp = seconds(0);
    expect(short(planJob(leaving, [tracked('a', ready())], NOW))).toEqual(['release a']);
  });
});
