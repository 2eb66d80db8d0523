/** The 409 of an apply that would change what somebody else owns. */
import { applyConflict } from '../errors.ts';
import type { FieldSet } from './fieldSet.ts';
import { pathSentences } from './fieldsV1.ts';
import type { Manager } from './managed.ts';

export interface Conflict {
  manager: Manager;
  fields: FieldSet;
}

const managerSentence = ({ name, operation, apiVersion, subresource }: Manager): string => {
  const who =
    JSON.stringify(name) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
};

const sentence = (found: readonly { who: string; field: string }[]): string => {
  const [first] = found;
  if (first && found.length === 1) return `1 conflict: conflict with ${first.who}: ${first.field}`;
  const lists = [...Map.groupBy(found, ({ who }) => who)].map(
    ([who, list]) => `conflicts with ${who}:\n${list.map(({ field }) => `- ${field}`).join('\n')}`,
  );
  return `${found.length} conflicts: ${lists.join('\n')}`;
};

export const conflictError = (conflicts: readonly Conflict[]) => {
  const found = conflicts
    .map(({ manager, fields }) => ({ who: managerSentence(manager), fields: pathSentences(fields) }))
    .sort((left, right) => (left.who < right.who ? -1 : 1))
    .flatMap(({ who, fields }) => fields.map((field) => ({ who, field })));
  const causes = found.map(({ who, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field,
  }));
  return applyConflict(`Apply failed with ${sentence(found)}`, causes);
};
