import { allow, deny, parseAdmissionReview } from '../../shared/contracts/admissionReview.ts';
import { jsonPatch } from '../../shared/contracts/jsonPatch.ts';
import { type Injection, injectPod, refusedInjection } from '../../shared/core/injection/inject.ts';
import { readPod } from '../../shared/core/injection/readPod.ts';
import type { Digest } from '../../shared/core/revision/hash.ts';
import type { Clock, Log } from '../../shared/io/ports.ts';
import type { AdmissionRequest, AdmissionReview } from '../../shared/model/admission.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { Code } from '../../shared/model/reasons.ts';
import { createCompiler } from './compiled.ts';
import type { ReadState } from './state.ts';

export interface InjectPorts {
  read: ReadState;
  clock: Pick<Clock, 'now'>;
  /** Yields a number in [0, 1). */
  random: () => number;
  digest: Digest;
  log: Log;
}

const isPodCreate = ({ operation, resource, subResource }: AdmissionRequest<Pod>): boolean =>
  operation === 'CREATE' && resource.group === '' && resource.resource === 'pods' && !subResource;

type Compile = ReturnType<typeof createCompiler>;

const decide = async (
  request: AdmissionRequest<Pod>,
  { read, clock, random, digest }: InjectPorts,
  compile: Compile,
): Promise<Injection> => {
  if (request.object === null || !isPodCreate(request))
    return { kind: 'unchanged', reason: 'InjectionSubresource' };
  const given = readPod(request.object);
  if (given.kind === 'refused') return refusedInjection('InjectionPodUnreadable', given.causes);
  const { pod } = given;
  const namespace = pod.metadata.namespace || request.namespace || 'default';
  const { sets, ...state } = await read(pod, namespace);
  return injectPod(pod, sets, {
    ...state,
    namespace,
    requestUid: request.uid,
    compile,
    now: clock.now(),
    random,
    digest,
  });
};

const codeOf = (injection: Injection): Code => {
  switch (injection.kind) {
    case 'injected':
      return 'InjectionDone';
    case 'unchanged':
      return injection.reason;
    case 'refused':
      return injection.code;
    default:
      return injection satisfies never;
  }
};

/** Whose Pods are made by a controller never sees the answer's warnings: the log keeps them. */
const said = (injection: Injection): { sets?: string[]; warnings?: string[] } => {
  if (injection.kind !== 'injected') return {};
  const { sets, warnings } = injection;
  return { sets, ...(warnings.length > 0 && { warnings }) };
};

const answer = (request: AdmissionRequest<Pod>, injection: Injection): AdmissionReview => {
  switch (injection.kind) {
    case 'injected':
      return allow(request.uid, {
        patch: jsonPatch(request.object ?? {}, injection.pod),
        warnings: injection.warnings,
      });
    case 'unchanged':
      return allow(request.uid);
    case 'refused':
      return deny(request.uid, {
        code: 422,
        reason: 'Invalid',
        message: injection.message,
        causes: injection.causes,
      });
    default:
      return injection satisfies never;
  }
};

/**
 * Answers the review of a Pod: a JSON patch, or a verdict with causes. It writes nothing, so a dry run is answered the
 * same. Rejects when the cluster can't be read: the webhook's failurePolicy decides then.
 */
export const createInject = (ports: InjectPorts) => {
  const compile = createCompiler(ports.digest);
  return async (body: unknown): Promise<AdmissionReview> => {
    const request = parseAdmissionReview<Pod>(body);
    const injection = await decide(request, ports, compile);
    ports.log.info('a Pod was reviewed', {
      code: codeOf(injection),
      namespace: request.namespace,
      name: request.object?.metadata.name || request.object?.metadata.generateName,
      ...said(injection),
      dryRun: request.dryRun,
    });
    return answer(request, injection);
  };
};
