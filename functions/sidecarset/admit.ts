import { allow, deny, parseAdmissionReview } from '../../shared/contracts/admissionReview.ts';
import { jsonPatch } from '../../shared/contracts/jsonPatch.ts';
import type { Digest } from '../../shared/core/revision/hash.ts';
import { sentence } from '../../shared/core/validation/cause.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { validateUpdate } from '../../shared/core/validation/immutable.ts';
import { readSidecarSet } from '../../shared/core/validation/read.ts';
import { validateSidecarSet } from '../../shared/core/validation/validate.ts';
import type { AdmissionRequest, AdmissionReview } from '../../shared/model/admission.ts';
import type { StatusCause } from '../../shared/model/kubernetes.ts';
import { SIDECARSET_GROUP, SIDECARSET_VERSION } from '../../shared/model/names.ts';
import { type Code, REASONS } from '../../shared/model/reasons.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** An answer with the code that stands in the log. */
export interface Admitted {
  code: Code;
  name: string | undefined;
  review: AdmissionReview;
}

/** Decides on a SidecarSet whose types are sound; `before` is the stored one on UPDATE. */
type Decide = (set: SidecarSet, before: SidecarSet | undefined) => SidecarSet | StatusCause[];

const invalid = (request: AdmissionRequest, causes: StatusCause[]): AdmissionReview =>
  deny(request.uid, {
    code: 422,
    reason: 'Invalid',
    message: `${REASONS.SidecarSetInvalid}: ${sentence(causes)}`,
    causes,
  });

/** What is stored may be from before our webhook: if its types are not sound, it holds nothing back. */
const stored = (request: AdmissionRequest): SidecarSet | undefined => {
  if (request.operation !== 'UPDATE') return undefined;
  const read = readSidecarSet(request.oldObject);
  return read.kind === 'read' ? read.set : undefined;
};

const decided = (request: AdmissionRequest, decide: Decide): { code: Code; review: AdmissionReview } => {
  const read = readSidecarSet(request.object);
  const result = read.kind === 'refused' ? read.causes : decide(read.set, stored(request));
  if (!Array.isArray(result)) {
    const patch = jsonPatch(request.object ?? {}, result);
    return { code: 'SidecarSetDefaulted', review: allow(request.uid, { patch }) };
  }
  if (result.length === 0) return { code: 'SidecarSetAccepted', review: allow(request.uid) };
  return { code: 'SidecarSetInvalid', review: invalid(request, result) };
};

const isLeftAlone = ({ operation, object, subResource }: AdmissionRequest): boolean =>
  (operation !== 'CREATE' && operation !== 'UPDATE') ||
  object === null ||
  Boolean(subResource) ||
  Boolean(object.metadata.deletionTimestamp);

const review = (request: AdmissionRequest, decide: Decide): { code: Code; review: AdmissionReview } => {
  if (isLeftAlone(request)) return { code: 'SidecarSetLeftAlone', review: allow(request.uid) };
  const { group, version, kind } = request.kind;
  if (group === SIDECARSET_GROUP && version === SIDECARSET_VERSION && kind === 'SidecarSet')
    return decided(request, decide);
  const message = `${REASONS.SidecarSetVersionUnknown} (this is ${group}/${version} ${kind})`;
  return {
    code: 'SidecarSetVersionUnknown',
    review: deny(request.uid, { code: 400, reason: 'BadRequest', message }),
  };
};

const admit =
  (decide: Decide) =>
  (body: unknown): Admitted => {
    const request = parseAdmissionReview(body);
    return { name: request.name || request.object?.metadata.name, ...review(request, decide) };
  };

/** Writes the defaults and the hashes; refuses what has wrong types. A deletion is left alone. */
export const admitDefaults = (digest: Digest): ((body: unknown) => Admitted) =>
  admit((set) => withDefaults(set, digest));

/** Refuses, with all causes, what is not valid or not supported; on UPDATE also what may not change. */
export const admitValid: (body: unknown) => Admitted = admit((set, before) => [
  ...validateSidecarSet(set),
  ...(before === undefined ? [] : validateUpdate(set, before)),
]);
