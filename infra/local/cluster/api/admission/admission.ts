/** Mutating webhooks one by one, validating ones all at once. */
import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Converter } from '../conversion/converter.ts';
import { decode } from '../decode.ts';
import { internal } from '../errors.ts';
import { equal } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { Registry } from '../registry.ts';
import type { Store } from '../store.ts';
import type { WebhookCaller } from '../types.ts';
import { createAsk } from './ask.ts';
import type { Attributes } from './attributes.ts';
import { CallFailure } from './failure.ts';
import { followHooks, type Hook } from './hooks.ts';
import { createInvocation, type Invocation } from './invocation.ts';
import { decodedPatch, patched } from './patched.ts';
import { createReinvocations } from './reinvocations.ts';
import { checkUnpatched } from './response.ts';

/** Every method rejects with the first denial, or with a 500 where a webhook fails and its failurePolicy is Fail. */
export interface Admission {
  /** The object as the mutating webhooks leave it; `settle` parses it and fills in defaults after each patch. */
  mutate(attributes: Attributes, object: ApiObject, settle: Settle): Promise<ApiObject>;
  validate(attributes: Attributes, object: ApiObject): Promise<void>;
  /** Mutating and validating webhooks on a DELETE, which has an old object only. */
  review(attributes: Attributes): Promise<void>;
}

type Settle = (value: unknown) => ApiObject;

interface Dependencies {
  store: Store;
  registry: Registry;
  converter: Converter;
  callWebhook: WebhookCaller;
  clock: Clock;
}

/** `undefined` where the webhook failed and is ignored. */
const forgiving = async <T>(hook: Hook, work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (hook.ignoresFailure) return undefined;
    throw internal(`failed calling webhook "${hook.name}": ${error.message}`);
  }
};

/** Asks one mutating webhook, in the version that it wants. */
const createChange = ({ converter, callWebhook, clock }: Dependencies) => {
  const send = createAsk(callWebhook, clock);
  /** The changed object in the version of the request, or `undefined` if there is no change. */
  return async ({ hook, subject, request }: Invocation, attributes: Attributes) => {
    const patch = await send(hook, request, attributes.warnings, decodedPatch);
    if (patch.operations.length === 0) return undefined;
    const { object, type } = subject;
    if (!object)
      throw internal(
        `admission webhook "${hook.name}" attempted to modify the object, which is not supported for this operation`,
      );
    const changed = patched(object, patch);
    if (object.kind !== type.kind || type === attributes.type) return changed;
    return converter.convert(decode(type, changed), attributes.type);
  };
};

export const createAdmission = (dependencies: Dependencies): Admission => {
  const { store, registry, converter, callWebhook, clock } = dependencies;
  const mutating = followHooks(store, 'mutatingwebhookconfigurations');
  const validating = followHooks(store, 'validatingwebhookconfigurations');
  const invocationOf = createInvocation(store, registry, converter);
  const change = createChange(dependencies);
  const send = createAsk(callWebhook, clock);

  /** The object as one webhook leaves it, `undefined` if it is not asked. */
  const once = async (hook: Hook, attributes: Attributes, before: ApiObject, settle: Settle) => {
    const invocation = await invocationOf(hook, attributes, before);
    if (!invocation) return undefined;
    const changed = await forgiving(hook, () => change(invocation, attributes));
    return changed === undefined ? before : settle(changed);
  };

  /** Conditions are judged before the first webhook is asked. */
  const validate = async (attributes: Attributes, object: ApiObject | undefined) => {
    const invocations: Invocation[] = [];
    for (const hook of validating()) {
      const invocation = await invocationOf(hook, attributes, object);
      if (invocation) invocations.push(invocation);
    }
    const verdicts = await Promise.allSettled(
      invocations.map(({ hook, request }) =>
        forgiving(hook, () => send(hook, request, attributes.warnings, checkUnpatched)),
      ),
    );
    const refusal = verdicts.find((verdict) => verdict.status === 'rejected');
    if (refusal) throw refusal.reason;
  };

  return {
    async mutate(attributes, start, settle) {
      const { again, note } = createReinvocations();
      const hooks = mutating();
      const round = async (isDue: (hook: Hook) => boolean, given: ApiObject) => {
        let object = given;
        for (const hook of hooks) {
          const after = isDue(hook) ? await once(hook, attributes, object, settle) : undefined;
          if (!after) continue;
          note(hook, !equal(after, object));
          object = after;
        }
        return object;
      };
      return round((hook) => again.has(hook), await round(() => true, start));
    },
    validate,
    async review(attributes) {
      for (const hook of mutating()) {
        const invocation = await invocationOf(hook, attributes, undefined);
        if (invocation) await forgiving(hook, () => change(invocation, attributes));
      }
      await validate(attributes, undefined);
    },
  };
};
