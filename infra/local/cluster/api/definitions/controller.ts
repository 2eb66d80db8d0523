/** What follows from a CustomResourceDefinition: its status, and the end of its objects when it is deleted. */
import type { Clock } from '../../../../../shared/io/ports.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { textAt } from '../json.ts';
import { CLEANUP } from '../kinds/definitions.ts';
import { type ApiObject, keyOf } from '../objects.ts';
import { sectionOf } from '../resourceType.ts';
import type { Store } from '../store.ts';
import { judged, TERMINATING } from './conditions.ts';
import { DEFINITIONS } from './section.ts';

const sectionFor = (definition: ApiObject): string =>
  sectionOf({
    group: textAt(definition, 'spec', 'group') ?? '',
    plural: textAt(definition, 'spec', 'names', 'plural') ?? '',
  });

const isGoing = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp !== undefined;

/** Objects with finalizers only get a deletionTimestamp: whoever set the finalizers takes them away. */
const end = (store: Store, section: string, object: ApiObject, now: string): void => {
  const { metadata } = object;
  const key = keyOf(metadata.namespace, metadata.name);
  if ((metadata.finalizers ?? []).length === 0) {
    store.remove(section, key);
    return;
  }
  if (isGoing(object)) return;
  const marks = { deletionTimestamp: now, deletionGracePeriodSeconds: 0 };
  const generation = (metadata.generation ?? 0) + 1;
  store.put(section, key, { ...object, metadata: { ...metadata, ...marks, generation } });
};

const withoutCleanup = ({ finalizers = [], ...metadata }: ApiObject['metadata']): ApiObject['metadata'] => {
  const left = finalizers.filter((finalizer) => finalizer !== CLEANUP);
  return { ...metadata, ...(left.length > 0 && { finalizers: left }) };
};

/** Works within the write that it follows, so that a definition is established when its POST has been answered. */
export const startDefinitionController = (store: Store, clock: Clock): void => {
  const now = () => wholeSeconds(clock.now());
  const put = (definition: ApiObject) =>
    store.put(DEFINITIONS, keyOf(undefined, definition.metadata.name), definition);

  const settle = (definition: ApiObject): void => {
    const more = isGoing(definition) ? [TERMINATING] : [];
    const status = judged(definition, store.list(DEFINITIONS), { now: now(), more });
    if (status !== definition['status']) put({ ...definition, status });
  };

  const finish = (definition: ApiObject): void => {
    if (!definition.metadata.finalizers?.includes(CLEANUP)) return;
    const metadata = withoutCleanup(definition.metadata);
    const key = keyOf(undefined, metadata.name);
    if (metadata.finalizers) put({ ...definition, metadata });
    else store.remove(DEFINITIONS, key);
  };

  const terminate = (definition: ApiObject): void => {
    const section = sectionFor(definition);
    for (const object of store.list(section)) end(store, section, object, now());
    if (store.list(section).length === 0) finish(definition);
  };

  let going: ApiObject[] = [];
  store.subscribe(({ section }) => {
    if (section === DEFINITIONS) {
      for (const definition of store.list(DEFINITIONS)) settle(definition);
      going = store.list(DEFINITIONS).filter(isGoing);
    }
    for (const definition of going)
      if (section === DEFINITIONS || section === sectionFor(definition)) terminate(definition);
  });
};
