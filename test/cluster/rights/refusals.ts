/** What must be refused: each row is tried with the identity's own token. */
import { FUNCTIONS, type FunctionName } from '../../../infra/identities.ts';
import type { TransportRequest } from '../../../shared/io/cluster/transport.ts';
import { NAMESPACE } from './bait.ts';

export interface Refusal {
  who: FunctionName;
  /** As a sentence without its subject. */
  does: string;
  request: TransportRequest;
  /** Part of the message, to tell who refuses: a role, one rule of a policy, or Kubernetes itself. */
  says: string;
  status: 403 | 422;
}

const POD = `/api/v1/namespaces/${NAMESPACE}/pods/bait`;
const MAPS = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const OWN_MAPS = '/api/v1/namespaces/sidecarset-system/configmaps';
const SET = '/apis/apps.kruise.io/v1beta1/sidecarsets/bait';
const ROLES = '/apis/rbac.authorization.k8s.io/v1';

const patch = (path: string, body: unknown): TransportRequest => ({
  method: 'PATCH',
  path,
  headers: { 'content-type': 'application/strategic-merge-patch+json' },
  body,
});
const post = (path: string, body: unknown): TransportRequest => ({ method: 'POST', path, body });
const get = (path: string): TransportRequest => ({ method: 'GET', path });
const remove = (path: string): TransportRequest => ({ method: 'DELETE', path });

const container = (name: string, change: object) =>
  patch(POD, { spec: { containers: [{ name, ...change }] } });
const annotate = (name: string) => patch(POD, { metadata: { annotations: { [name]: 'x' } } });
const unannotate = (path: string) => patch(path, { metadata: { annotations: { note: null } } });
const init = (name: string, change: object) =>
  patch(POD, { spec: { initContainers: [{ name, ...change }] } });
const resize = (list: string, name: string) =>
  patch(`${POD}/resize`, { spec: { [list]: [{ name, resources: { requests: { cpu: '200m' } } }] } });
const evict = (deleteOptions: object) =>
  post(`${POD}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'bait', namespace: NAMESPACE },
    deleteOptions,
  });
const configMap = (metadata: object, data = {}) => post(MAPS, { metadata, data });
const exec = (query: string) => get(`${POD}/exec?stdout=true&${query}`);

const ownedBy = (name: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid: 'some-uid' }],
});
const KILL = 'command=/bin/sh&command=-c&command=kill%20-TERM%201';

type Row = [does: string, request: TransportRequest, says: string, status?: 403 | 422];

/** By no role of ours. */
const byRole = (verb: string, resource: string) => `cannot ${verb} resource "${resource}"`;

const EVERYONE: Row[] = [
  ['reads Secrets', get(`/api/v1/namespaces/${NAMESPACE}/secrets`), byRole('list', 'secrets')],
  ['reads one Secret', get(`/api/v1/namespaces/${NAMESPACE}/secrets/s`), byRole('get', 'secrets')],
  ['creates a Pod', post(`/api/v1/namespaces/${NAMESPACE}/pods`, {}), byRole('create', 'pods')],
  ['deletes a Pod', remove(POD), byRole('delete', 'pods')],
  ['writes a ClusterRole', post(`${ROLES}/clusterroles`, {}), byRole('create', 'clusterroles')],
  ['binds a ClusterRole', post(`${ROLES}/clusterrolebindings`, {}), byRole('create', 'clusterrolebindings')],
  [
    'changes its own rights',
    patch(`${ROLES}/clusterroles/sidecarset:rollout`, {}),
    byRole('patch', 'clusterroles'),
  ],
  [
    'asks for the token of an account',
    post('/api/v1/namespaces/sidecarset-system/serviceaccounts/rollout/token', {}),
    byRole('create', 'serviceaccounts/token'),
  ],
  ['changes the spec of a SidecarSet', patch(SET, { spec: {} }), byRole('patch', 'sidecarsets')],
  ['deletes a SidecarSet', remove(SET), byRole('delete', 'sidecarsets')],
];

/** None but `terminate`. */
const DEBUG_ROW: Row = [
  'adds a debug container',
  patch(`${POD}/ephemeralcontainers`, {}),
  byRole('patch', 'pods/ephemeralcontainers'),
];

/** None but `rollout` evicts, and resizes. */
const BEYOND_IMAGE_ROWS: Row[] = [
  ['evicts a Pod', post(`${POD}/eviction`, {}), byRole('create', 'pods/eviction')],
  ['resizes a Pod', patch(`${POD}/resize`, {}), byRole('patch', 'pods/resize')],
];

const metadataRows = (who: FunctionName): Row[] => [
  [
    'changes a label',
    patch(POD, { metadata: { labels: { owner: 'me' } } }),
    `${who} may change no metadata but annotations`,
  ],
  [
    'adds a finalizer',
    patch(POD, { metadata: { finalizers: ['a/b'] } }),
    `${who} may change no metadata but annotations`,
  ],
];

const specRows = (who: FunctionName): Row[] => [
  ...metadataRows(who),
  ...BEYOND_IMAGE_ROWS,
  ['sets a foreign annotation', annotate('note'), `${who} may change no annotations but its own`],
  [
    'removes all annotations',
    patch(POD, { metadata: { annotations: null } }),
    `${who} may change no annotations but its own`,
  ],
];

const killer = (parts: object): TransportRequest =>
  patch(`${POD}/ephemeralcontainers`, {
    spec: {
      ephemeralContainers: [
        {
          name: 'killer',
          image: 'busybox:1.37',
          command: ['kill', '-TERM', '1'],
          targetContainerName: 'ends',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...parts,
        },
      ],
    },
  });
const ENDS_NO_OTHER = 'terminate may change no containers but the image of a sidecar';
const NO_OTHER_KILLER = 'terminate may add no ephemeral container but one that sends SIGTERM';

/** None but those of `sidecarset-system`, which may be listed there. */
const REVISION_ROWS: Row[] = [
  [
    "reads other controllers' revisions",
    get(`/apis/apps/v1/namespaces/${NAMESPACE}/controllerrevisions`),
    byRole('list', 'controllerrevisions'),
  ],
  ['reads all revisions', get('/apis/apps/v1/controllerrevisions'), byRole('list', 'controllerrevisions')],
];
const OWN_REVISIONS = '/apis/apps/v1/namespaces/sidecarset-system/controllerrevisions';

const NOT_A_SIDECAR = 'rollout may change no containers but images and resources of sidecars';
const NO_BARRIER = 'launch may write no ConfigMap but the barrier';

const OWN: Record<FunctionName, Row[]> = {
  inject: [
    DEBUG_ROW,
    ['writes an annotation', annotate('note'), byRole('patch', 'pods')],
    ...BEYOND_IMAGE_ROWS,
    ['writes a ConfigMap', configMap({ name: 'c' }), byRole('create', 'configmaps')],
    ['writes a status', patch(`${SET}/status`, {}), byRole('patch', 'sidecarsets/status')],
    ['writes an Event', post('/api/v1/namespaces/default/events', {}), byRole('create', 'events')],
    ['reads Pods', get('/api/v1/pods'), byRole('list', 'pods')],
    ['reads another ConfigMap', get(`${OWN_MAPS}/kruise-configuration`), byRole('get', 'configmaps')],
    ['reads one of the same name', get(`${MAPS}/sidecarset-config`), byRole('get', 'configmaps')],
    ['reads all ConfigMaps', get(OWN_MAPS), byRole('list', 'configmaps')],
    [
      'changes the default strategy',
      patch(`${OWN_MAPS}/sidecarset-config`, { data: {} }),
      byRole('patch', 'configmaps'),
    ],
    ...REVISION_ROWS,
    ['writes a revision', post(OWN_REVISIONS, {}), byRole('create', 'controllerrevisions')],
  ],
  sidecarset: [
    DEBUG_ROW,
    ['writes an annotation', annotate('note'), byRole('patch', 'pods')],
    ...BEYOND_IMAGE_ROWS,
    ['writes a status', patch(`${SET}/status`, {}), byRole('patch', 'sidecarsets/status')],
    ['reads Pods', get('/api/v1/pods'), byRole('list', 'pods')],
    ['reads another ConfigMap', get(`${OWN_MAPS}/sidecarset-config`), byRole('get', 'configmaps')],
    ['reads one of the same name', get(`${MAPS}/kruise-configuration`), byRole('get', 'configmaps')],
    ['reads all ConfigMaps', get(OWN_MAPS), byRole('list', 'configmaps')],
    [
      'changes the allow list',
      patch(`${OWN_MAPS}/kruise-configuration`, { data: {} }),
      byRole('patch', 'configmaps'),
    ],
    ...REVISION_ROWS,
    ['writes a revision', post(OWN_REVISIONS, {}), byRole('create', 'controllerrevisions')],
    ['labels a namespace', patch(`/api/v1/namespaces/${NAMESPACE}`, {}), byRole('patch', 'namespaces')],
  ],
  launch: [
    ...specRows('launch'),
    DEBUG_ROW,
    [
      "changes a sidecar's image",
      container('side', { image: 'x' }),
      'launch may not change the spec of a Pod',
    ],
    ["changes a main container's image", container('main', { image: 'x' }), 'launch may not change the spec'],
    [
      "writes terminate's record",
      annotate('serverless.sidecarset.io/termination'),
      'launch may change no anno',
    ],
    ['writes a ConfigMap that is no barrier', configMap({ name: 'c', ...ownedBy('bait') }), NO_BARRIER],
    ['writes a barrier that nobody owns', configMap({ name: 'other-barrier' }), NO_BARRIER],
    ["writes another Pod's barrier", configMap({ name: 'a-barrier', ...ownedBy('b') }), NO_BARRIER],
    [
      "takes over a user's ConfigMap",
      patch(`${MAPS}/bait-barrier`, { metadata: ownedBy('bait') }),
      NO_BARRIER,
    ],
    [
      'adds a key that is no start level',
      configMap({ name: 'a-barrier', ...ownedBy('a') }, { password: 'true' }),
      'launch may add no keys but start levels',
    ],
    ['deletes a ConfigMap', remove(`${MAPS}/bait-barrier`), byRole('delete', 'configmaps')],
    [
      'fails a Pod of which no container has failed',
      patch(`${POD}/status`, { status: { phase: 'Failed', reason: 'LaunchFailed' } }),
      'launch may end no Pod but by failing one that is starting',
    ],
    [
      'lets a Pod succeed',
      patch(`${POD}/status`, { status: { phase: 'Succeeded' } }),
      'launch may end no Pod but by failing one that is starting',
    ],
    [
      'gives a reason alone',
      patch(`${POD}/status`, { status: { reason: 'LaunchFailed' } }),
      'launch may end no Pod but by failing one that is starting',
    ],
    [
      'writes the address of a Pod',
      patch(`${POD}/status`, { status: { podIP: '10.0.0.1' } }),
      'launch may change nothing of the status of a Pod but its condition and its end',
    ],
    [
      "writes the kubelet's condition",
      patch(`${POD}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      'launch may change no condition but serverless.sidecarset.io/LaunchBlocked',
    ],
    [
      'changes a label with a status',
      patch(`${POD}/status`, { metadata: { labels: { owner: 'me' } } }),
      'launch may change no metadata but annotations',
    ],
    [
      'sets a foreign annotation with a status',
      patch(`${POD}/status`, { metadata: { annotations: { note: 'x' } } }),
      'launch may change no annotations but its own',
    ],
    ['reads Events', get('/api/v1/events'), byRole('list', 'events')],
    ['changes an Event', patch(`/api/v1/namespaces/${NAMESPACE}/events/e`, {}), byRole('patch', 'events')],
    ['runs a command', exec(`container=side&${KILL}`), byRole('get', 'pods/exec')],
  ],
  terminate: [
    ...specRows('terminate'),
    ["changes a main container's image", container('main', { image: 'sidecarset.io/Ended' }), ENDS_NO_OTHER],
    [
      'ends a sidecar that does not ask for it',
      container('side', { image: 'sidecarset.io/Ended' }),
      ENDS_NO_OTHER,
    ],
    ['gives a sidecar another image than its exit image', container('ends', { image: 'x' }), ENDS_NO_OTHER],
    [
      'limits the time of a Pod',
      patch(POD, { spec: { activeDeadlineSeconds: 1 } }),
      'terminate may change nothing of the spec of a Pod but images',
    ],
    [
      'adds an ephemeral container of another image',
      killer({ image: 'x' }),
      'no ephemeral container of another',
    ],
    ['adds one with another command', killer({ command: ['sh'] }), NO_OTHER_KILLER],
    ['adds one beside a main container', killer({ targetContainerName: 'main' }), NO_OTHER_KILLER],
    ['adds a privileged one', killer({ securityContext: { privileged: true } }), NO_OTHER_KILLER],
    ['adds one with variables', killer({ env: [{ name: 'A', value: 'b' }] }), NO_OTHER_KILLER],
    [
      'ends a Pod whose containers do not ask for it',
      patch(`${POD}/status`, { status: { phase: 'Succeeded' } }),
      'terminate may end no Pod whose containers do not ask for it',
    ],
    [
      'changes a label with a status',
      patch(`${POD}/status`, { metadata: { labels: { owner: 'me' } } }),
      'terminate may change no metadata but annotations',
    ],
    [
      "writes the kubelet's condition",
      patch(`${POD}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      'terminate may',
    ],
    ['runs another command', exec('container=side&command=env'), 'terminate may run no command but its own'],
    [
      'adds to its command',
      exec(`container=side&${KILL}&command=x`),
      'terminate may run no command but its own',
    ],
    ['sends input', exec(`container=side&stdin=true&${KILL}`), 'terminate may send no input'],
    ['opens a terminal', exec(`container=side&tty=true&${KILL}`), 'terminate may send no input'],
    ['leaves the container open', exec(KILL), 'terminate must name the container'],
    ['attaches to a container', get(`${POD}/attach`), byRole('get', 'pods/attach')],
    ['reads a log', get(`${POD}/log`), byRole('get', 'pods/log')],
  ],
  rollout: [
    DEBUG_ROW,
    ...metadataRows('rollout'),
    ['removes an annotation', unannotate(POD), 'rollout may remove no annotations'],
    ['removes an annotation with a status', unannotate(`${POD}/status`), 'rollout may remove no annotations'],
    [
      'sets an annotation with a status',
      patch(`${POD}/status`, { metadata: { annotations: { more: 'x' } } }),
      'rollout may change no annotations but with the containers',
    ],
    ...[
      'kubernetes.io/egress-bandwidth',
      'serverless.sidecarset.io/termination',
      'kruise.io/sidecarset-injected-list',
      'apps.kruise.io/container-launch-priority',
      'apps.kruise.io/container-launch-priority-completed',
    ].map((name): Row => [`writes ${name}`, annotate(name), 'no annotations that others decide on']),
    ["changes a main container's image", container('main', { image: 'x' }), NOT_A_SIDECAR],
    ["changes a plain init container's image", init('first', { image: 'x' }), NOT_A_SIDECAR],
    ["changes the image of a user's own native sidecar", init('native', { image: 'x' }), NOT_A_SIDECAR],
    ['resizes a main container', resize('containers', 'main'), NOT_A_SIDECAR],
    ["resizes a user's own native sidecar", resize('initContainers', 'native'), NOT_A_SIDECAR],
    ["changes a sidecar's command", container('side', { command: ['x'] }), 'pod updates may not change', 422],
    ['adds a variable', container('side', { env: [{ name: 'A', value: 'b' }] }), 'pod updates may not', 422],
    [
      'limits the time of a Pod',
      patch(POD, { spec: { activeDeadlineSeconds: 1 } }),
      'rollout may change nothing of the spec of a Pod but containers',
    ],
    [
      'adds a toleration',
      patch(POD, { spec: { tolerations: [{ key: 'k', operator: 'Exists' }] } }),
      'rollout may change nothing of the spec of a Pod but containers',
    ],
    [
      'changes a label with a status',
      patch(`${POD}/status`, { metadata: { labels: { owner: 'me' } } }),
      'rollout may change no metadata but annotations',
    ],
    [
      'fails a Pod',
      patch(`${POD}/status`, { status: { phase: 'Failed' } }),
      'rollout may change nothing of the status of a Pod but conditions',
    ],
    [
      "writes the kubelet's condition",
      patch(`${POD}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      'rollout may change no condition but SidecarSetUpgradable',
    ],
    ['evicts a Pod by its name alone', evict({}), 'rollout must name the uid'],
    ['evicts a Pod of any uid', evict({ preconditions: { resourceVersion: '1' } }), 'rollout must name the'],
    [
      'evicts a Pod without its time to end',
      evict({ preconditions: { uid: 'u' }, gracePeriodSeconds: 0 }),
      'rollout may not shorten the time',
    ],
    ...REVISION_ROWS,
    ['reads Events', get('/api/v1/events'), byRole('list', 'events')],
    ['changes an Event', patch(`/api/v1/namespaces/${NAMESPACE}/events/e`, {}), byRole('patch', 'events')],
  ],
  resync: [
    DEBUG_ROW,
    ['writes an annotation', annotate('note'), byRole('patch', 'pods')],
    ...BEYOND_IMAGE_ROWS,
    ['writes a status', patch(`${SET}/status`, {}), byRole('patch', 'sidecarsets/status')],
  ],
};

const refusalOf =
  (who: FunctionName) =>
  ([does, request, says, status = 403]: Row): Refusal => ({ who, does, request, says, status });

export const REFUSALS: Refusal[] = FUNCTIONS.flatMap((who) => [...EVERYONE, ...OWN[who]].map(refusalOf(who)));
