import { describe, expect, it } from 'vitest';
import { planDeployment } from '../../../../../../infra/local/cluster/controllers/deployment/plan.ts';
import { templateHash } from '../../../../../../infra/local/cluster/controllers/deployment/template.ts';
import type { Plan } from '../../../../../../infra/local/cluster/controllers/plan.ts';
import type {
  Deployment,
  DeploymentStatus,
  ReplicaSet,
} from '../../../../../../infra/local/cluster/controllers/workloads.ts';
import { deployment, NOW, pod, ready, replicaSet, seconds } from '../objects.ts';

const HASH = templateHash(deployment().spec.template);
const NAME = `web-${HASH}`;
const OTHER = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'nginx:0' }] },
};

const short = ({ actions }: Plan): string[] =>
  actions.flatMap((action) => {
    switch (action.kind) {
      case 'create':
        return [`create ${action.object.metadata.name} ${(action.object as ReplicaSet).spec.replicas}`];
      case 'patch':
        return [
          `patch ${action.subject.metadata.name} ${JSON.stringify(action.patch['spec'] ?? 'revision')}`,
        ];
      case 'remove':
        return [`remove ${action.subject.metadata.name}`];
      case 'event':
        return [`event ${action.message}`];
      default:
        return [];
    }
  });

const statusOf = ({ actions }: Plan): DeploymentStatus | undefined => {
  const write = actions.find(({ kind }) => kind === 'status');
  return write?.kind === 'status' ? (write.object as Deployment).status : undefined;
};

const revised = (set: ReplicaSet, revision: number): ReplicaSet => ({
  ...set,
  metadata: { ...set.metadata, annotations: { 'deployment.kubernetes.io/revision': String(revision) } },
});

const full = (replicas: number) => ({ replicas, readyReplicas: replicas, availableReplicas: replicas });
const currentSet = (replicas: number, available = replicas) =>
  revised(
    replicaSet(NAME, { replicas }, { replicas, readyReplicas: available, availableReplicas: available }),
    2,
  );
const oldSet = (replicas: number, revision = 1) =>
  revised(replicaSet(`web-old${revision}`, { replicas, template: OTHER }, full(replicas)), revision);

const web = (spec: Partial<Deployment['spec']> = {}): Deployment => {
  const object = deployment(spec);
  object.metadata.annotations = { 'deployment.kubernetes.io/revision': '2' };
  return object;
};

describe('planning a Deployment', () => {
  it('creates its ReplicaSet with the template hash in name, labels and selector', () => {
    const plan = planDeployment(deployment(), [], [], NOW);
    expect(short(plan)).toEqual([`create ${NAME} 4`, `event Scaled up replica set ${NAME} from 0 to 4`]);
    const labels = { app: 'web', 'pod-template-hash': HASH };
    expect(plan.actions.find(({ kind }) => kind === 'create')).toMatchObject({
      object: {
        metadata: {
          labels,
          annotations: { 'deployment.kubernetes.io/revision': '1' },
          ownerReferences: [{ kind: 'Deployment', uid: 'web-uid', controller: true }],
        },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
      },
    });
  });

  it('takes a ReplicaSet with the hash label for its own when the templates are equal', () => {
    const made = planDeployment(deployment(), [], [], NOW).actions.find(({ kind }) => kind === 'create');
    const set = made?.kind === 'create' ? (made.object as ReplicaSet) : oldSet(0);
    expect(short(planDeployment(deployment(), [set], [], NOW))).toEqual(['patch web "revision"']);
  });

  it('follows its number of replicas', () => {
    expect(short(planDeployment(web({ replicas: 6 }), [currentSet(4)], [], NOW))).toEqual([
      `patch ${NAME} {"replicas":6}`,
      `event Scaled up replica set ${NAME} from 4 to 6`,
    ]);
  });

  it('scales by the version of the ReplicaSet that it has read', () => {
    const { actions } = planDeployment(web({ replicas: 6 }), [currentSet(4)], [], NOW);
    expect(actions.find(({ kind }) => kind === 'patch')).toMatchObject({
      patch: { metadata: { uid: `${NAME}-uid`, resourceVersion: '3' } },
    });
  });

  it.each([
    ['makes the new set within the surge', [oldSet(4)], [`create ${NAME} 1`]],
    [
      'takes from the old set what may be unavailable',
      [oldSet(4), currentSet(1, 0)],
      ['patch web-old1 {"replicas":3}'],
    ],
    ['goes on with the new set', [oldSet(3), currentSet(1, 0)], [`patch ${NAME} {"replicas":2}`]],
    ['waits while nothing more is available', [oldSet(3), currentSet(2, 0)], []],
    ['ends with the old set at none', [oldSet(1), currentSet(4)], ['patch web-old1 {"replicas":0}']],
  ])('in a rolling update %s', (_what, sets, expected) => {
    const steps = short(planDeployment(web(), sets, [], NOW)).filter((step) => !step.startsWith('event'));
    expect(steps).toEqual(expected);
  });

  it.each([
    ['takes the old set to none', [oldSet(4)], [], ['patch web-old1 {"replicas":0}']],
    [
      'waits for an old Pod that is still ending',
      [oldSet(0)],
      [pod('a', ready(), { deletionTimestamp: seconds(0) })],
      [],
    ],
    ['then makes the new one', [oldSet(0)], [], [`create ${NAME} 4`]],
  ])('under Recreate %s', (_what, sets, pods, expected) => {
    const plan = planDeployment(web({ strategy: { type: 'Recreate' } }), sets, pods, NOW);
    expect(short(plan).filter((step) => !step.startsWith('event'))).toEqual(expected);
  });

  it('gives a rolled back template the highest revision', () => {
    const back = revised(currentSet(4), 1);
    const { actions } = planDeployment(web(), [back, oldSet(0, 2)], [], NOW);
    const patches = actions.filter(({ kind }) => kind === 'patch');
    expect(patches).toMatchObject([
      {
        subject: { metadata: { name: NAME } },
        patch: { metadata: { annotations: { 'deployment.kubernetes.io/revision': '3' } } },
      },
      {
        subject: { metadata: { name: 'web' } },
        patch: { metadata: { annotations: { 'deployment.kubernetes.io/revision': '3' } } },
      },
    ]);
  });

  it('forgets the oldest empty ReplicaSets beyond its history limit', () => {
    const sets = [revised(currentSet(4), 9), oldSet(0, 3), oldSet(0, 1), oldSet(0, 2)];
    const plan = planDeployment(web({ revisionHistoryLimit: 1 }), sets, [], NOW);
    expect(short(plan).filter((step) => step.startsWith('remove'))).toEqual([
      'remove web-old1',
      'remove web-old2',
    ]);
  });

  it('refuses to be paused, by name', () => {
    const { actions } = planDeployment(web({ paused: true }), [currentSet(4)], [], NOW);
    expect(actions).toMatchObject([{ kind: 'event', reason: 'NotSupported' }]);
    expect(actions[0]?.kind === 'event' && actions[0].message).toContain('spec.paused');
  });
});

describe('the status of a Deployment', () => {
  it('sums its ReplicaSets and says that it progresses', () => {
    expect(statusOf(planDeployment(web(), [oldSet(3), currentSet(2, 0)], [], NOW))).toMatchObject({
      replicas: 5,
      updatedReplicas: 2,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 1,
      observedGeneration: 1,
      conditions: [
        { type: 'Available', status: 'True', lastTransitionTime: seconds(0) },
        { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' },
      ],
    });
  });

  it('says when it is complete and when too few are available', () => {
    const reasons = (sets: ReplicaSet[]) =>
      statusOf(planDeployment(web(), sets, [], NOW))?.conditions?.map(({ reason }) => reason);
    expect(reasons([currentSet(4)])).toEqual(['MinimumReplicasAvailable', 'NewReplicaSetAvailable']);
    expect(reasons([currentSet(4, 1)])).toEqual(['MinimumReplicasUnavailable', 'ReplicaSetUpdated']);
  });

  it('keeps the time of a condition that stays', () => {
    const first = statusOf(planDeployment(web(), [currentSet(4, 3)], [], NOW));
    const later = new Date(NOW.getTime() + 60_000);
    const second = statusOf(planDeployment({ ...web(), status: first }, [currentSet(4)], [], later));
    expect(second?.conditions).toMatchObject([
      { type: 'Available', lastTransitionTime: seconds(0), lastUpdateTime: seconds(0) },
      { type: 'Progressing', lastTransitionTime: seconds(0), lastUpdateTime: seconds(60) },
    ]);
  });

  it('is not written again when it is the same', () => {
    const status = statusOf(planDeployment(web(), [currentSet(4)], [], NOW));
    expect(planDeployment({ ...web(), status }, [currentSet(4)], [], NOW).actions).toEqual([]);
  });
});

describe('the template hash', () => {
  it('does not depend on the order of fields and changes with the image', () => {
    const spec = { containers: [{ image: 'nginx:1', name: 'main' }] };
    expect(templateHash({ spec, metadata: { labels: { app: 'web' } } })).toBe(HASH);
    expect(templateHash(OTHER)).not.toBe(HASH);
    expect(HASH).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  });
});
