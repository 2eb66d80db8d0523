import { converted, notConverted, parseConversionReview } from '../../shared/contracts/conversionReview.ts';
import { convertSidecarSet } from '../../shared/core/validation/convert.ts';
import type { ConversionReview } from '../../shared/model/admission.ts';
import type { Code } from '../../shared/model/reasons.ts';

/** Answers a ConversionReview: all objects in the desired version, or the first reason why one has none. */
export const convert = (body: unknown): { code?: Code; review: ConversionReview } => {
  const { uid, desiredAPIVersion, objects } = parseConversionReview(body);
  const results = objects.map((object) => convertSidecarSet(object, desiredAPIVersion));
  const refused = results.find((result) => result.kind === 'refused');
  if (refused !== undefined)
    return { code: 'ConversionImpossible', review: notConverted(uid, refused.message) };
  const done = results.flatMap((result) => (result.kind === 'converted' ? [result.object] : []));
  return { review: converted(uid, done) };
};
