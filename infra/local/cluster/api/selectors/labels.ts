/** The `labelSelector` query parameter: `=`, `==`, `!=`, `in`, `notin`, `key`, `!key`, joined by commas. */
import { selects } from '../../../../../shared/core/labels/selector.ts';
import type { LabelSelectorRequirement } from '../../../../../shared/model/kubernetes.ts';
import { badRequest } from '../errors.ts';
import type { ApiObject } from '../objects.ts';

const KEY = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const VALUE = '([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?';
const SET = new RegExp(`^(?<key>${KEY})\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)$`);
const EQUALITY = new RegExp(`^(?<key>${KEY})\\s*(?<operator>==?|!=)\\s*(?<value>${VALUE})$`);
const EXISTS = new RegExp(`^(?<not>!?)\\s*(?<key>${KEY})$`);
const IS_VALUE = new RegExp(`^${VALUE}$`);
/** Commas outside of parentheses. */
const SEPARATOR = /,(?![^(]*\))/;

const unparsable = (term: string) =>
  badRequest(`unable to parse requirement: found '${term}', expected a label selector requirement`);

const setRequirement = (term: string): LabelSelectorRequirement | undefined => {
  const found = SET.exec(term)?.groups;
  if (!found) return undefined;
  const values = (found['values'] ?? '').split(',').map((value) => value.trim());
  if (!values.every((value) => IS_VALUE.test(value))) throw unparsable(term);
  return { key: found['key'] ?? '', operator: found['operator'] === 'in' ? 'In' : 'NotIn', values };
};

const equalityRequirement = (term: string): LabelSelectorRequirement | undefined => {
  const found = EQUALITY.exec(term)?.groups;
  if (!found) return undefined;
  const operator = found['operator'] === '!=' ? 'NotIn' : 'In';
  return { key: found['key'] ?? '', operator, values: [found['value'] ?? ''] };
};

const existsRequirement = (term: string): LabelSelectorRequirement | undefined => {
  const found = EXISTS.exec(term)?.groups;
  if (!found) return undefined;
  return { key: found['key'] ?? '', operator: found['not'] === '!' ? 'DoesNotExist' : 'Exists' };
};

const requirement = (text: string): LabelSelectorRequirement => {
  const term = text.trim();
  const parsed = setRequirement(term) ?? equalityRequirement(term) ?? existsRequirement(term);
  if (!parsed) throw unparsable(term);
  return parsed;
};

/** Throws a 400 on anything that it can't read; an empty selector holds for all. */
export const parseLabelSelector = (text: string): ((object: ApiObject) => boolean) => {
  if (text.trim() === '') return () => true;
  const matchExpressions = text.split(SEPARATOR).map(requirement);
  return (object) => selects({ matchExpressions }, object.metadata.labels);
};
