import { allow, deny, parseAdmissionReview } from '../../shared/contracts/admissionReview.ts';
import { jsonPatch } from '../../shared/contracts/jsonPatch.ts';
import { needsRegex } from '../../shared/core/resources/policy/names.ts';
import type { Digest } from '../../shared/core/revision/hash.ts';
import { sentence } from '../../shared/core/validation/cause.ts';
import { withDefaults } from '../../shared/core/validation/defaults.ts';
import { validateUpdate } from '../../shared/core/validation/immutable.ts';
import { namespaceWarnings } from '../../shared/core/validation/namespaces/warnings.ts';
import { readSidecarSet } from '../../shared/core/validation/read.ts';
import { validateAmongOthers, validateSidecarSet } from '../../shared/core/validation/validate.ts';
import { validationWarnings } from '../../shared/core/validation/warnings.ts';
import type { AdmissionRequest, AdmissionReview } from '../../shared/model/admission.ts';
import type { StatusCause } from '../../shared/model/kubernetes.ts';
import { SIDECARSET_GROUP, SIDECARSET_VERSION } from '../../shared/model/names.ts';
import { type Code, REASONS } from '../../shared/model/reasons.ts';
import { COMPILES_NOTHING, type CompileRegex } from '../../shared/model/regex.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { ReadSurroundings } from './surroundings.ts';

/** An answer with the code that stands in the log. */
export interface Admitted {
  code: Code;
  name: string | undefined;
  review: AdmissionReview;
}

interface Verdict {
  code: Code;
  review: AdmissionReview;
}

/** Decides on a SidecarSet whose types are sound; `before` is the stored one on UPDATE. */
type Decide = (
  request: AdmissionRequest,
  set: SidecarSet,
  before: SidecarSet | undefined,
) => Verdict | Promise<Verdict>;

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

const refuse = (request: AdmissionRequest, causes: StatusCause[]): Verdict => ({
  code: 'SidecarSetInvalid',
  review: invalid(request, causes),
});

const decided = (request: AdmissionRequest, decide: Decide): Verdict | Promise<Verdict> => {
  const read = readSidecarSet(request.object);
  return read.kind === 'refused' ? refuse(request, read.causes) : decide(request, read.set, stored(request));
};

const isLeftAlone = ({ operation, object, subResource }: AdmissionRequest): boolean =>
  (operation !== 'CREATE' && operation !== 'UPDATE') ||
  object === null ||
  Boolean(subResource) ||
  Boolean(object.metadata.deletionTimestamp);

const review = (request: AdmissionRequest, decide: Decide): Verdict | Promise<Verdict> => {
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

export type Admit = (body: unknown) => Promise<Admitted>;

const admit =
  (decide: Decide): Admit =>
  async (body) => {
    const request = parseAdmissionReview(body);
    const name = request.name || request.object?.metadata.name;
    return { name, ...(await review(request, decide)) };
  };

/** Writes the defaults and the hashes; refuses what has wrong types. A deletion is left alone. */
export const admitDefaults = (digest: Digest): Admit =>
  admit((request, set) => ({
    code: 'SidecarSetDefaulted',
    review: allow(request.uid, { patch: jsonPatch(request.object ?? {}, withDefaults(set, digest)) }),
  }));

export interface ValidationPorts {
  read: ReadSurroundings;
  /** What compiles Go's regular expressions, loaded when the first SidecarSet needs it. */
  loadRegex: () => Promise<CompileRegex>;
}

/**
 * Refuses, with all causes, what is not valid or not supported; on UPDATE also what may not change. The cluster is read
 * for what is valid by itself only. Warnings say what the author should know.
 */
export const admitValid = ({ read, loadRegex }: ValidationPorts): Admit =>
  admit(async (request, set, before) => {
    const wantsRegex = needsRegex(set) || Boolean(set.spec.patchPodMetadata?.length);
    const compile = wantsRegex ? await loadRegex() : COMPILES_NOTHING;
    const causes = [
      ...validateSidecarSet(set, compile),
      ...(before === undefined ? [] : validateUpdate(set, before)),
    ];
    if (causes.length > 0) return refuse(request, causes);
    const around = await read(set);
    const conflicting = validateAmongOthers(set, around, compile);
    if (conflicting.length > 0) return refuse(request, conflicting);
    const warnings = [...validationWarnings(set, around.sets), ...namespaceWarnings(set, around.policies)];
    return { code: 'SidecarSetAccepted', review: allow(request.uid, { warnings }) };
  });
