/** Whether the matchConditions of a webhook let a request through to it. */
import { type Expression, expressionOf, type Variables } from '../cel/compile.ts';
import { judgeAll, type Matched } from '../cel/judge.ts';
import { celValue } from '../cel/values.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';

/** Of a webhook, or of the spec of a policy. */
export const conditionsOf = (holder: unknown): Expression[] =>
  objectsAt(holder, 'matchConditions').map((condition) =>
    expressionOf(textAt(condition, 'expression') ?? '', { wanted: 'bool' }),
  );

/**
 * What expressions see of a request.
 *
 * @param request the `request` of a review, `object` and `oldObject` in it (`null` where there is none)
 */
export const variablesOf = ({ uid: _, object, oldObject, ...about }: JsonObject): Variables => ({
  object: celValue(object),
  oldObject: celValue(oldObject),
  request: celValue(about),
});

/** @param request as in {@link variablesOf} */
export const judgeConditions = (conditions: Expression[], request: JsonObject): Matched => {
  if (conditions.length === 0) return { kind: 'yes' };
  // The namespace is declared, but never there: as in Kubernetes.
  return judgeAll(conditions, { ...variablesOf(request), namespaceObject: null });
};
