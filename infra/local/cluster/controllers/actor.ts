import type { Clock, Log } from '../../../../shared/io/ports.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import type { LocalClient } from '../client.ts';
import { createRecorder, type Recorder } from './events.ts';
import type { Action } from './plan.ts';

/** What every controller gets. */
export interface Surroundings {
  client: LocalClient;
  clock: Clock;
  log: Log;
}

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** The API server's own sentence: our client puts method and path before it. */
const sentence = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).replace(/^[A-Z]+ \/\S+: /, '');

const createPod = async (client: LocalClient, record: Recorder, action: ActionOf<'create-pod'>) => {
  try {
    const { metadata } = await client.create(PODS, action.pod);
    await record(action.owner, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${metadata.name}`,
    });
  } catch (fault) {
    const message = `Error creating: ${sentence(fault)}`;
    await record(action.owner, { type: 'Warning', reason: 'FailedCreate', message });
    throw fault;
  }
};

const removePod = async (client: LocalClient, record: Recorder, { owner, pod }: ActionOf<'remove-pod'>) => {
  await client.removeExactly(PODS, pod.metadata);
  const message = `Deleted pod: ${pod.metadata.name}`;
  await record(owner, { type: 'Normal', reason: 'SuccessfulDelete', message });
};

const perform = async (client: LocalClient, record: Recorder, action: Action): Promise<unknown> => {
  switch (action.kind) {
    case 'create-pod':
      return createPod(client, record, action);
    case 'remove-pod':
      return removePod(client, record, action);
    case 'bind':
      return client.bind(action.pod, action.node);
    case 'create':
      return client.create(action.resource, action.object);
    case 'remove':
      return client.removeExactly(action.subject.resource, action.subject.metadata, action.policy);
    case 'patch':
      return client.patch(action.subject.resource, action.subject.metadata, action.patch, { type: 'merge' });
    case 'status':
      return client.replace(action.resource, action.object, 'status');
    case 'event':
      return record(action.on, action);
    default:
      return action satisfies never;
  }
};

/** Does the actions one after another and rejects at the first that fails: the rest is decided anew. */
export const createActor = (
  { client, clock, log }: Surroundings,
  component: string,
): ((actions: Action[]) => Promise<void>) => {
  const record = createRecorder({ client, clock, log, component });
  return async (actions) => {
    for (const action of actions) await perform(client, record, action);
  };
};
