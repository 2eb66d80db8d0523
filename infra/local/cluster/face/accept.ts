/** Content negotiation: which representation a client gets. */
import { ApiError } from '../api/types.ts';

export type Representation =
  | { kind: 'object' }
  | { kind: 'table' }
  /** `accept` is the alternative that was chosen, for the API core to answer. */
  | { kind: 'metadata'; accept: string }
  | { kind: 'aggregated-discovery' };

interface Alternative {
  type: string;
  parameters: Record<string, string>;
  text: string;
}

const TYPES = ['application/json', 'application/*', '*/*'];

const parseAlternative = (text: string): Alternative => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  return {
    type: type.toLowerCase(),
    parameters: Object.fromEntries(parameters.map((parameter) => parameter.split('=', 2))),
    text,
  };
};

const representationOf = ({ type, parameters, text }: Alternative): Representation | undefined => {
  if (!TYPES.includes(type)) return undefined;
  const { as, g, v } = parameters;
  if (as === undefined) return { kind: 'object' };
  if (as === 'APIGroupDiscoveryList') {
    return g === 'apidiscovery.k8s.io' && v === 'v2' ? { kind: 'aggregated-discovery' } : undefined;
  }
  if (g !== 'meta.k8s.io' || v !== 'v1') return undefined;
  if (as === 'Table') return { kind: 'table' };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
    return { kind: 'metadata', accept: text };
  }
  return undefined;
};

const SERVED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** A media type that is known, in a form that is not. */
const unknownForm = () =>
  new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${SERVED}`);

const unknownType = () =>
  new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${SERVED}`, {});

/**
 * The first alternative of an Accept header that can be served; weights (`q`) are not looked at: Kubernetes' clients
 * list what they prefer first. No header means an object. Throws an {@link ApiError} 406 if none fits, also for YAML and
 * protobuf, which are not written here.
 */
export const negotiate = (header: string | undefined): Representation => {
  if (!header) return { kind: 'object' };
  const alternatives = header.split(',').map((part) => parseAlternative(part.trim()));
  for (const alternative of alternatives) {
    const representation = representationOf(alternative);
    if (representation) return representation;
  }
  throw alternatives.some(({ type }) => TYPES.includes(type)) ? unknownForm() : unknownType();
};
