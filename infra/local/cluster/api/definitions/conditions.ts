/** The status of a CustomResourceDefinition, as Kubernetes' controllers for names and establishing set it. */
import { at, equal, isObject, type JsonObject, objectsAt, own, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';

interface Condition extends JsonObject {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
}

const condition = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
});

export const TERMINATING = condition(
  'Terminating',
  'True',
  'InstanceDeletionInProgress',
  'CustomResource deletion is in progress',
);

const accepted = (definition: ApiObject) => at(definition, 'status', 'acceptedNames');

/** Names that other definitions of the group have taken. */
const taken = (definition: ApiObject, all: ApiObject[], fields: string[]): string[] =>
  all
    .filter(
      (other) =>
        other.metadata.name !== definition.metadata.name &&
        textAt(other, 'spec', 'group') === textAt(definition, 'spec', 'group'),
    )
    .flatMap((other) => {
      const names = accepted(other);
      const single = fields.flatMap((field) => textAt(names, field) ?? []);
      return fields.includes('plural') ? [...single, ...stringsAt(names, 'shortNames')] : single;
    });

const FIELDS = [
  ['plural', 'PluralConflict', ['plural', 'singular']],
  ['singular', 'SingularConflict', ['plural', 'singular']],
  ['shortNames', 'ShortNamesConflict', ['plural', 'singular']],
  ['kind', 'KindConflict', ['kind', 'listKind']],
  ['listKind', 'ListKindConflict', ['kind', 'listKind']],
] as const;

const requestedOf = (names: unknown, field: string): string[] => {
  const name = textAt(names, field);
  return name === undefined ? stringsAt(names, field) : [name];
};

interface Names {
  acceptedNames: JsonObject;
  names: Condition;
}

/** The last conflict is told; names without one are accepted all the same. */
const judgeNames = (definition: ApiObject, all: ApiObject[]): Names => {
  const requested = at(definition, 'spec', 'names');
  const before = accepted(definition);
  const acceptedNames: JsonObject = isObject(before) ? { ...before } : {};
  let names = condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found');
  for (const [field, reason, kinds] of FIELDS) {
    const used = taken(definition, all, [...kinds]);
    const old = requestedOf(before, field);
    const conflict = requestedOf(requested, field).find((name) => !old.includes(name) && used.includes(name));
    const wanted = isObject(requested) ? own(requested, field) : undefined;
    if (conflict !== undefined)
      names = condition('NamesAccepted', 'False', reason, `${JSON.stringify(conflict)} is already in use`);
    else if (wanted === undefined) delete acceptedNames[field];
    else acceptedNames[field] = wanted;
  }
  const categories = isObject(requested) ? own(requested, 'categories') : undefined;
  return { acceptedNames: { ...acceptedNames, ...(categories !== undefined && { categories }) }, names };
};

const NOT_ACCEPTED = condition('Established', 'False', 'NotAccepted', 'not all names are accepted');
const ESTABLISHED = condition(
  'Established',
  'True',
  'InitialNamesAccepted',
  'the initial names have been accepted',
);

const conditionOf = (definition: ApiObject, type: string): JsonObject | undefined =>
  objectsAt(definition, 'status', 'conditions').find((one) => own(one, 'type') === type);

export const isEstablished = (definition: ApiObject): boolean =>
  textAt(conditionOf(definition, 'Established'), 'status') === 'True';

/** A condition keeps its time while its status stays. */
const timed = (definition: ApiObject, next: Condition, now: string): JsonObject => {
  const before = conditionOf(definition, next.type);
  const same = before && own(before, 'status') === next.status;
  return { ...next, lastTransitionTime: (same && own(before, 'lastTransitionTime')) || now };
};

/** Once established, a definition stays so. `now` is a Kubernetes time. */
export const judged = (
  definition: ApiObject,
  all: ApiObject[],
  { now, more = [] }: { now: string; more?: Condition[] },
): JsonObject => {
  const { acceptedNames, names } = judgeNames(definition, all);
  const established = isEstablished(definition) || names.status === 'True' ? ESTABLISHED : NOT_ACCEPTED;
  const conditions = [names, established, ...more].map((next) => timed(definition, next, now));
  const status = at(definition, 'status');
  const next = { ...(isObject(status) && status), conditions, acceptedNames };
  return isObject(status) && equal(status, next) ? status : next;
};
