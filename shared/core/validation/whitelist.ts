/** Which annotations a SidecarSet may write: a ConfigMap of the installation says so, as in OpenKruise. */
import { isRecord } from '../../model/json.ts';
import type { LabelSelector, StatusCause } from '../../model/kubernetes.ts';
import { CONFIG_MAP_KRUISE, KEY_WHITELIST } from '../../model/names.ts';
import type { CompileRegex } from '../../model/regex.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { selects } from '../labels/selector.ts';
import { parseRecord } from '../resources/json.ts';
import { forbidden } from './cause.ts';
import { patchedKeys } from './podMetadata.ts';
import { SELECTOR } from './specShape.ts';
import { wrongTypes } from './wrongTypes.ts';

interface Rule {
  selector?: LabelSelector;
  allowedAnnotationKeyExprs: string[];
}

const WHERE = `ConfigMap ${CONFIG_MAP_KRUISE}, key ${KEY_WHITELIST}`;

const isRule = (value: unknown): value is Rule =>
  isRecord(value) &&
  (value['selector'] === undefined || wrongTypes(value['selector'], SELECTOR, '').length === 0) &&
  Array.isArray(value['allowedAnnotationKeyExprs']) &&
  value['allowedAnnotationKeyExprs'].every((pattern) => typeof pattern === 'string');

const readRules = (text: string): Rule[] | undefined => {
  const rules = parseRecord(text)?.['rules'];
  return Array.isArray(rules) && rules.every(isRule) ? rules : undefined;
};

const FIELD = 'spec.patchPodMetadata';

/**
 * Every annotation key must be allowed by a rule that applies to the labels of the SidecarSet.
 *
 * @param text of the ConfigMap's key; `undefined` if there is none: nothing is allowed then
 */
export const validateWhitelist = (
  set: SidecarSet,
  text: string | undefined,
  compile: CompileRegex,
): StatusCause[] => {
  const keys = patchedKeys(set.spec.patchPodMetadata);
  if (keys.length === 0) return [];
  if (text === undefined) return [forbidden(FIELD, `no annotation is allowed: ${WHERE}, is missing`)];
  const rules = readRules(text);
  if (rules === undefined) return [forbidden(FIELD, `${WHERE}, can not be read`)];
  const patterns = rules
    .filter(({ selector }) => !selector || selects(selector, set.metadata.labels))
    .flatMap(({ allowedAnnotationKeyExprs }) => allowedAnnotationKeyExprs);
  const matchers = patterns.map((pattern) => ({ pattern, matches: compile(pattern) }));
  const broken = matchers.find(({ matches }) => matches === undefined);
  if (broken) return [forbidden(FIELD, `${WHERE}: ${JSON.stringify(broken.pattern)} is no expression`)];
  return keys
    .filter(({ key }) => !matchers.some(({ matches }) => matches?.(key)))
    .map(({ field }) => forbidden(field, `not allowed by ${WHERE}`));
};
