/** Whether a webhook is asked about a request, and what it is asked. */
import type { Converter } from '../conversion/converter.ts';
import { forbidden } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { Registry } from '../registry.ts';
import type { Store } from '../store.ts';
import { reviewRequest } from './ask.ts';
import type { Attributes } from './attributes.ts';
import { judgeConditions } from './conditions.ts';
import type { Hook } from './hooks.ts';
import { createMatch } from './match.ts';
import { createSubject, type Subject } from './subject.ts';

export interface Invocation {
  hook: Hook;
  subject: Subject;
  request: JsonObject & { uid: string };
}

/**
 * `undefined`: the webhook is not asked. Throws a 403 where a condition can't be evaluated and failurePolicy is Fail;
 * under Ignore such a webhook is passed over.
 */
export const createInvocation = (store: Store, registry: Registry, converter: Converter) => {
  const matches = createMatch(store, registry);
  const subjectOf = createSubject(converter);

  return async (
    hook: Hook,
    attributes: Attributes,
    object: ApiObject | undefined,
  ): Promise<Invocation | undefined> => {
    const type = matches(hook, attributes, object);
    if (!type) return undefined;
    const subject = await subjectOf(type, attributes, object);
    const request = reviewRequest(attributes, subject);
    const matched = judgeConditions(hook.conditions, request);
    if (matched.kind === 'yes') return { hook, subject, request };
    if (matched.kind === 'failed' && !hook.ignoresFailure)
      throw forbidden(attributes.type, attributes.name, matched.why);
    return undefined;
  };
};
