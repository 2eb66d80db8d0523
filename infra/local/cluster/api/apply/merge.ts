/** An applied configuration laid over what is there (`typed.Merge`): fields and keyed items merge, all else is replaced. */
import { isObject, type JsonObject, own } from '../json.ts';
import { FREE, fieldType, hasFields, hasItems, type List, type Type } from '../schema/type.ts';
import { itemElement } from './element.ts';
import { isHollow } from './hollow.ts';
import { placesOf } from './placement.ts';

const mergeFields = (type: Type, live: JsonObject, applied: JsonObject): JsonObject => {
  const result: JsonObject = { ...live };
  for (const [key, value] of Object.entries(applied))
    result[key] = mergeValues(fieldType(type, key) ?? FREE, own(live, key), value);
  return result;
};

const mergeItems = (list: List, live: readonly unknown[], applied: readonly unknown[]): unknown[] => {
  const elementOf = (item: unknown) => itemElement(list, item) ?? '';
  const [liveElements, appliedElements] = [live.map(elementOf), applied.map(elementOf)];
  return placesOf(liveElements, appliedElements).map(({ from, at }) => {
    if (from === 'live') return live[at];
    return mergeValues(list.item, live[liveElements.indexOf(appliedElements[at] ?? '')], applied[at]);
  });
};

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

const mergeValues = (type: Type, live: unknown, applied: unknown): unknown => {
  // Nothing laid over nothing: whether it is null or empty is what was applied.
  if (live === undefined || (isHollow(live) && isHollow(applied))) return applied;
  if (hasItems(type, live) && hasItems(type, applied)) return mergeItems(type, asList(live), asList(applied));
  if (hasFields(type, live ?? applied) && hasFields(type, applied ?? live))
    return mergeFields(type, asObject(live), asObject(applied));
  return applied;
};

/** Shares parts with both; neither is changed. */
export const merge = (type: Type, live: JsonObject, applied: JsonObject): JsonObject =>
  mergeFields(type, live, applied);
