/** Puts a change on the bus; never stands in its way. */
import { allow, parseAdmissionReview } from '../../shared/contracts/admissionReview.ts';
import { type Forward, forward } from '../../shared/core/forwarding/forward.ts';
import type { Bus, Clock, Log } from '../../shared/io/ports.ts';
import type { AdmissionRequest, AdmissionReview } from '../../shared/model/admission.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { REASONS } from '../../shared/model/reasons.ts';

export interface ObserveOptions {
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Name of the cluster that this installation serves. */
  cluster: string;
}

const publish = async (request: AdmissionRequest, options: ObserveOptions): Promise<Forward> => {
  const { bus, clock, cluster } = options;
  const decision = forward(request, { cluster, at: clock.now().toISOString() });
  if (decision.kind === 'event') await bus.publish([decision.event]);
  return decision;
};

const report = (decision: Forward, request: AdmissionRequest, log: Log): void => {
  const ids = { reviewId: request.uid, namespace: request.namespace, name: request.name };
  if (decision.kind === 'event') {
    const { ref, calls, sets } = decision.event;
    log.info(REASONS.ObserveForwarded, { code: 'ObserveForwarded', ...ids, ...ref, calls, sets });
  } else if (decision.code === 'ObserveUnreadable') {
    log.warn(REASONS[decision.code], { code: decision.code, ...ids });
  }
};

/**
 * Answers an AdmissionReview: always allowed. A change whose event is lost (an odd object, a bus that does not take it)
 * is logged and found by the next resync. Throws a ContractError for what is not a review: there is no uid to answer.
 */
export const createObserve =
  (options: ObserveOptions) =>
  async (body: unknown): Promise<AdmissionReview> => {
    const request = parseAdmissionReview<KubernetesObject>(body);
    try {
      report(await publish(request, options), request, options.log);
    } catch (fault) {
      options.log.error(REASONS.ObserveLost, { code: 'ObserveLost', reviewId: request.uid, fault });
    }
    return allow(request.uid);
  };
