/**
 * CustomResourceDefinitions. A schema must be there but is not used: custom objects are neither pruned, defaulted nor
 * checked against `required`, `type` or `enum`; every field is kept, as under x-kubernetes-preserve-unknown-fields.
 */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { immutable, invalidValue, notImplemented, required, unsupportedValue } from '../errors.ts';
import { at, child, copy, equal, isObject, objectsAt, own, preset, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';
import { clientConfigCauses } from './clientConfig.ts';

const storageVersions = (definition: ApiObject): string[] =>
  objectsAt(definition, 'spec', 'versions')
    .filter((version) => own(version, 'storage') === true)
    .map((version) => textAt(version, 'name') ?? '');

const nameCauses = (definition: ApiObject): StatusCause[] => {
  const plural = textAt(definition, 'spec', 'names', 'plural');
  const group = textAt(definition, 'spec', 'group');
  const causes = [
    ...(group ? [] : [required('spec.group')]),
    ...(plural ? [] : [required('spec.names.plural')]),
    ...(textAt(definition, 'spec', 'names', 'kind') ? [] : [required('spec.names.kind')]),
  ];
  if (causes.length > 0 || definition.metadata.name === `${plural}.${group}`) return causes;
  const why = 'must be spec.names.plural+"."+spec.group';
  return [invalidValue('metadata.name', definition.metadata.name, why)];
};

const versionCauses = (definition: ApiObject): StatusCause[] => {
  const versions = objectsAt(definition, 'spec', 'versions');
  const stored = storageVersions(definition);
  if (versions.some((version) => own(version, 'selectableFields') !== undefined))
    throw notImplemented('spec.versions[*].selectableFields of a CustomResourceDefinition is');
  const schemas = versions.flatMap((version, index) =>
    isObject(at(version, 'schema', 'openAPIV3Schema'))
      ? []
      : [required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required')],
  );
  const one = 'must have exactly one version marked as storage version';
  return stored.length === 1 ? schemas : [invalidValue('spec.versions', stored, one), ...schemas];
};

const conversionCauses = (definition: ApiObject): StatusCause[] => {
  const strategy = textAt(definition, 'spec', 'conversion', 'strategy');
  if (strategy === 'None') return [];
  if (strategy !== 'Webhook')
    return [unsupportedValue('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
  const webhook = at(definition, 'spec', 'conversion', 'webhook');
  const path = 'spec.conversion.webhook';
  const reviews = stringsAt(webhook, 'conversionReviewVersions');
  return [
    ...clientConfigCauses(at(webhook, 'clientConfig'), `${path}.clientConfig`),
    ...(reviews.includes('v1')
      ? []
      : [invalidValue(`${path}.conversionReviewVersions`, reviews, 'must include v1')]),
  ];
};

const condition = (type: string, reason: string, definition: ApiObject) => ({
  type,
  status: 'True',
  reason,
  message: type === 'Established' ? 'the initial names have been accepted' : 'no conflicts found',
  lastTransitionTime: definition.metadata.creationTimestamp,
});

/** Names are accepted and the resource is served at once. */
const acceptedStatus = (definition: ApiObject, storedBefore: string[]) => ({
  conditions: [
    condition('NamesAccepted', 'NoConflicts', definition),
    condition('Established', 'InitialNamesAccepted', definition),
  ],
  acceptedNames: copy(at(definition, 'spec', 'names')),
  storedVersions: [...new Set([...storedBefore, ...storageVersions(definition)])],
});

const scopeCauses = (definition: ApiObject): StatusCause[] => {
  const scope = textAt(definition, 'spec', 'scope');
  return scope === 'Namespaced' || scope === 'Cluster'
    ? []
    : [unsupportedValue('spec.scope', scope, ['Cluster', 'Namespaced'])];
};

const FIXED = [['group'], ['scope'], ['names', 'plural'], ['names', 'kind']];

export const definitionRules: KindRules = {
  generation: true,
  unconditionalUpdate: false,
  setDefaults(definition) {
    const spec = child(definition, 'spec');
    const names = child(spec, 'names');
    const kind = textAt(names, 'kind') ?? '';
    preset(names, 'singular', kind.toLowerCase());
    preset(names, 'listKind', `${kind}List`);
    preset(child(spec, 'conversion'), 'strategy', 'None');
  },
  prepareCreate(definition) {
    definition['status'] = acceptedStatus(definition, []);
  },
  prepareUpdate(definition, old) {
    definition['status'] = acceptedStatus(definition, stringsAt(old, 'status', 'storedVersions'));
  },
  validate: (definition) => [
    ...nameCauses(definition),
    ...scopeCauses(definition),
    ...versionCauses(definition),
    ...conversionCauses(definition),
  ],
  validateUpdate: (definition, old) =>
    FIXED.flatMap((path) => {
      const value = at(definition, 'spec', ...path);
      return equal(value, at(old, 'spec', ...path)) ? [] : [immutable(`spec.${path.join('.')}`, value)];
    }),
};
