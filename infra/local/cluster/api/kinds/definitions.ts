/** CustomResourceDefinitions, as the API server checks them; what follows from one is `definitions/controller.ts`. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { conversionCauses } from '../definitions/conversion.ts';
import { identityCauses } from '../definitions/names.ts';
import { storageVersion, versionsCauses } from '../definitions/versions.ts';
import { immutable, invalidValue } from '../errors.ts';
import { at, child, equal, isObject, type JsonObject, preset, stringsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';

export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

const storedBy = (definition: ApiObject, before: string[]): string[] => {
  const version = storageVersion(definition);
  return version === undefined || before.includes(version) ? before : [...before, version];
};

const preserveCauses = (definition: ApiObject): StatusCause[] => {
  const why =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return at(definition, 'spec', 'preserveUnknownFields') === true
    ? [invalidValue('spec.preserveUnknownFields', true, why)]
    : [];
};

const FIXED = [['group'], ['scope'], ['names', 'plural'], ['names', 'kind']];

const setNames = (spec: JsonObject): void => {
  const names = child(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  if (kind === '') return;
  preset(names, 'singular', kind.toLowerCase());
  preset(names, 'listKind', `${kind}List`);
};

/** A status always says which versions may be stored. */
const setStored = (definition: ApiObject): void => {
  const status = definition['status'];
  if (isObject(status) && stringsAt(status, 'storedVersions').length === 0)
    status['storedVersions'] = storedBy(definition, []);
};

export const definitionRules: KindRules = {
  generation: true,
  unconditionalUpdate: true,
  finalizers: [CLEANUP],
  returnsDeleted: true,
  setDefaults(definition) {
    const spec = child(definition, 'spec');
    setNames(spec);
    preset(child(spec, 'conversion'), 'strategy', 'None');
    setStored(definition);
  },
  prepareCreate(definition) {
    const storedVersions = storedBy(definition, []);
    definition['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions };
  },
  prepareUpdate(definition, old) {
    const storedVersions = storedBy(definition, stringsAt(old, 'status', 'storedVersions'));
    const status = at(old, 'status');
    definition['status'] = { ...(isObject(status) && status), storedVersions };
  },
  validate: (definition) => [
    ...identityCauses(definition),
    ...preserveCauses(definition),
    ...versionsCauses(definition),
    ...conversionCauses(definition),
  ],
  validateUpdate: (definition, old) =>
    FIXED.flatMap((path) => {
      const value = at(definition, 'spec', ...path);
      return equal(value, at(old, 'spec', ...path)) ? [] : [immutable(`spec.${path.join('.')}`, value)];
    }),
};
