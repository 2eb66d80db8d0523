/** SidecarSet between `v1alpha1` and `v1beta1`: `spec.namespace` and the custom version's label exist only in the former. */
import type { KubernetesObject, LabelSelector, ObjectMeta } from '../../model/kubernetes.ts';
import { ANNOTATION_NAMESPACE, LABEL_CUSTOM_VERSION, LABEL_NAMESPACE_NAME } from '../../model/names.ts';
import type { SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { map, struct, TEXT } from '../revision/shape.ts';
import { sentence } from './cause.ts';
import { withoutNulls } from './nulls.ts';
import { SELECTOR } from './specShape.ts';
import { wrongTypes } from './wrongTypes.ts';

/** `v1alpha1`; `customVersion` is a label there. */
interface AlphaSidecarSet extends Omit<SidecarSet, 'spec'> {
  spec?: SidecarSetSpec & { namespace?: string };
}

export type Conversion =
  | { kind: 'converted'; object: AlphaSidecarSet }
  | { kind: 'refused'; message: string };

const BETA = 'apps.kruise.io/v1beta1';
const ALPHA = 'apps.kruise.io/v1alpha1';

const isEmpty = (value: object | undefined | null): boolean => !value || Object.keys(value).length === 0;

/** As `withAnnotation`. */
const withLabels = (metadata: ObjectMeta, labels: Record<string, string>): ObjectMeta => {
  const { labels: _, ...others } = metadata;
  return isEmpty(labels) ? others : { ...others, labels };
};

/** Both conditions hold: the namespace joins the labels that the selector asks for. */
const merged = (selector: LabelSelector | undefined, namespace: string): LabelSelector => ({
  ...selector,
  matchLabels: { ...selector?.matchLabels, [LABEL_NAMESPACE_NAME]: namespace },
});

/** Without the key rather than with an empty one, so that a round trip gives the same object. */
const withAnnotation = (metadata: ObjectMeta, namespace: string | undefined): ObjectMeta => {
  const { annotations = {}, ...others } = metadata;
  const { [ANNOTATION_NAMESPACE]: _, ...kept } = annotations;
  const all = namespace ? { ...kept, [ANNOTATION_NAMESPACE]: namespace } : kept;
  return isEmpty(all) ? others : { ...others, annotations: all };
};

const toBeta = (object: AlphaSidecarSet): Conversion => {
  const { namespace, ...spec } = object.spec ?? {};
  const { [LABEL_CUSTOM_VERSION]: customVersion, ...labels } = object.metadata.labels ?? {};
  const asked = spec.namespaceSelector?.matchLabels?.[LABEL_NAMESPACE_NAME];
  if (namespace && asked !== undefined && asked !== namespace) {
    const message = `spec.namespace ${JSON.stringify(namespace)} and spec.namespaceSelector ${JSON.stringify(asked)} exclude each other: remove one`;
    return { kind: 'refused', message };
  }
  const metadata = customVersion === undefined ? object.metadata : withLabels(object.metadata, labels);
  const converted = {
    ...object,
    apiVersion: BETA,
    metadata: withAnnotation(metadata, namespace),
    spec: {
      ...spec,
      ...(namespace && { namespaceSelector: merged(spec.namespaceSelector, namespace) }),
      ...(customVersion && { customVersion }),
    },
  };
  return { kind: 'converted', object: converted };
};

/** What the user asked for beside the namespace. */
const withoutNamespace = ({ matchLabels, ...others }: LabelSelector): LabelSelector | undefined => {
  const { [LABEL_NAMESPACE_NAME]: _, ...labels } = matchLabels ?? {};
  const rest = { ...(!isEmpty(labels) && { matchLabels: labels }), ...others };
  return isEmpty(rest) ? undefined : rest;
};

/** The selector as `v1alpha1` has it: apart from the namespace only if it came from there and was not changed since. */
const apart = (
  selector: LabelSelector | undefined,
  origin: string | undefined,
): { namespace?: string; namespaceSelector?: LabelSelector } => {
  if (!selector) return {};
  if (!origin || selector.matchLabels?.[LABEL_NAMESPACE_NAME] !== origin)
    return { namespaceSelector: selector };
  const namespaceSelector = withoutNamespace(selector);
  return { namespace: origin, ...(namespaceSelector && { namespaceSelector }) };
};

const toAlpha = (object: AlphaSidecarSet): Conversion => {
  const { customVersion, namespaceSelector, ...spec } = object.spec ?? {};
  const origin = object.metadata.annotations?.[ANNOTATION_NAMESPACE];
  const labels = {
    ...object.metadata.labels,
    ...(customVersion && { [LABEL_CUSTOM_VERSION]: customVersion }),
  };
  const metadata = customVersion ? withLabels(object.metadata, labels) : object.metadata;
  const converted = {
    ...object,
    apiVersion: ALPHA,
    metadata: withAnnotation(metadata, undefined),
    spec: { ...spec, ...apart(namespaceSelector, origin) },
  };
  return { kind: 'converted', object: converted };
};

/** A conversion comes before the schema's validation, so what it reads may have any type. */
const READ = struct({
  metadata: struct({ labels: map(TEXT), annotations: map(TEXT) }),
  spec: struct({ namespace: TEXT, namespaceSelector: SELECTOR, customVersion: TEXT }),
});

/** The object in the desired version; both ways and back give the same object. Refused: two namespaces at once. */
export const convertSidecarSet = (given: KubernetesObject, desired: string): Conversion => {
  if (given.apiVersion === desired) return { kind: 'converted', object: given };
  const causes = wrongTypes(given, READ, '');
  if (causes.length > 0) return { kind: 'refused', message: sentence(causes) };
  const object = withoutNulls(given) as AlphaSidecarSet;
  if (object.apiVersion === ALPHA && desired === BETA) return toBeta(object);
  if (object.apiVersion === BETA && desired === ALPHA) return toAlpha(object);
  return { kind: 'refused', message: `no conversion from ${object.apiVersion} to ${desired}` };
};
