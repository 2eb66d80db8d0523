/** Mutating webhooks one by one, validating ones all at once. */
import type { Operation as PatchOperation } from 'rfc6902';
import type { Clock } from '../../../../../shared/io/ports.ts';
import type { Converter } from '../conversion/converter.ts';
import { decode } from '../decode.ts';
import { internal } from '../errors.ts';
import { ingest } from '../ingest.ts';
import { equal } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { applyJsonPatch, parseJsonPatch } from '../patch/json.ts';
import type { Registry } from '../registry.ts';
import type { ResourceType } from '../resourceType.ts';
import type { Store } from '../store.ts';
import type { WebhookCaller } from '../types.ts';
import { CallFailure, createAsk } from './ask.ts';
import type { Attributes } from './attributes.ts';
import { followHooks, type Hook } from './hooks.ts';
import { createMatch } from './match.ts';

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

const decodedPatch = (patch: string | undefined): PatchOperation[] => {
  if (patch === undefined) return [];
  try {
    return parseJsonPatch(JSON.parse(Buffer.from(patch, 'base64').toString('utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CallFailure(`received undecodable patch in webhook response: ${why}`);
  }
};

/** A patch that does not apply fails the request whatever the failurePolicy says, as in Kubernetes. */
const patched = (object: ApiObject, patch: PatchOperation[]): unknown => {
  try {
    return ingest(applyJsonPatch(object, patch));
  } catch (error) {
    throw internal(error instanceof Error ? error.message : String(error));
  }
};

/** Asks one webhook, in the version that it wants; `change` also reads the patch in its answer. */
const createReviewer = ({ converter, callWebhook, clock }: Dependencies) => {
  const send = createAsk(callWebhook, clock);
  /** A Binding is no version of the Pod that its path names. */
  const inVersion = async (object: ApiObject | undefined, type: ResourceType) =>
    object?.kind === type.kind ? converter.convert(object, type) : object;

  const ask = async (hook: Hook, attributes: Attributes, type: ResourceType, object?: ApiObject) => {
    const subject = {
      type,
      object: await inVersion(object, type),
      oldObject: await inVersion(attributes.oldObject, type),
    };
    return { object: subject.object, patch: await send(hook, attributes, subject) };
  };

  /** The changed object in the version of the request, or `undefined` if there is no change. */
  const change = async (hook: Hook, attributes: Attributes, type: ResourceType, before?: ApiObject) => {
    const { object, patch } = await ask(hook, attributes, type, before);
    const operations = decodedPatch(patch);
    if (operations.length === 0) return undefined;
    if (!object)
      throw internal(
        `admission webhook "${hook.name}" attempted to modify the object, which is not supported for this operation`,
      );
    const changed = patched(object, operations);
    if (object.kind !== type.kind || type === attributes.type) return changed;
    return converter.convert(decode(type, changed), attributes.type);
  };
  return { ask, change };
};

/** Remembers which webhooks want to see the object again, as it was changed after they were asked. */
const createReinvocations = () => {
  const again = new Set<Hook>();
  let asked: Hook[] = [];
  return {
    again,
    note(hook: Hook, changed: boolean) {
      if (changed) {
        for (const earlier of asked) again.add(earlier);
        asked = [];
      }
      if (hook.reinvokes) asked.push(hook);
    },
  };
};

export const createAdmission = (dependencies: Dependencies): Admission => {
  const { store, registry } = dependencies;
  const mutating = followHooks(store, 'mutatingwebhookconfigurations');
  const validating = followHooks(store, 'validatingwebhookconfigurations');
  const matches = createMatch(store, registry);
  const { ask, change } = createReviewer(dependencies);

  const pass = async (hooks: Iterable<Hook>, attributes: Attributes, start: ApiObject, settle: Settle) => {
    const reinvocations = createReinvocations();
    let object = start;
    for (const hook of hooks) {
      const type = matches(hook, attributes, object);
      if (!type) continue;
      const before = object;
      const changed = await forgiving(hook, () => change(hook, attributes, type, before));
      if (changed !== undefined) object = settle(changed);
      reinvocations.note(hook, !equal(object, before));
    }
    return { object, again: reinvocations.again };
  };

  const validate = async (attributes: Attributes, object: ApiObject | undefined) => {
    const verdicts = await Promise.allSettled(
      validating().map((hook) => {
        const type = matches(hook, attributes, object);
        return type && forgiving(hook, () => ask(hook, attributes, type, object));
      }),
    );
    const refusal = verdicts.find((verdict) => verdict.status === 'rejected');
    if (refusal) throw refusal.reason;
  };

  return {
    async mutate(attributes, start, settle) {
      const hooks = mutating();
      const first = await pass(hooks, attributes, start, settle);
      const repeated = hooks.filter((hook) => first.again.has(hook));
      return (await pass(repeated, attributes, first.object, settle)).object;
    },
    validate,
    async review(attributes) {
      for (const hook of mutating()) {
        const type = matches(hook, attributes, undefined);
        if (type) await forgiving(hook, () => change(hook, attributes, type));
      }
      await validate(attributes, undefined);
    },
  };
};
