import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, notImplemented } from '../errors.ts';
import { at, isObject, type JsonObject, objectsAt, own, stringsAt, textAt } from '../json.ts';
import { dns1035Fault } from '../kinds/names.ts';
import type { ApiObject } from '../objects.ts';
import { isShared } from '../structural/schema.ts';
import { columnsCauses } from './columns.ts';
import { defaultCauses } from './defaults.ts';
import { keywordCauses, missingSchema, nullableCauses, rootCauses } from './keywords.ts';
import { structureCauses } from './structure.ts';

const nameOf = (version: JsonObject): string => textAt(version, 'name') ?? '';

export const versionsOf = (definition: ApiObject): JsonObject[] => objectsAt(definition, 'spec', 'versions');

/** The version that is stored; the first where the definition wrongly has several. */
export const storageVersion = (definition: ApiObject): string | undefined =>
  versionsOf(definition)
    .filter((version) => own(version, 'storage') === true)
    .map(nameOf)[0];

/** Throws a 501 for fields of a version that this API server does not follow. */
const refuse = (version: JsonObject): void => {
  if (own(version, 'selectableFields') !== undefined)
    throw notImplemented('spec.versions[*].selectableFields of a CustomResourceDefinition is');
};

const warningCauses = (version: JsonObject, field: string): StatusCause[] => {
  const warning = textAt(version, 'deprecationWarning');
  if (warning === undefined) return [];
  const why =
    own(version, 'deprecated') === true
      ? warning === '' && 'must not be an empty string'
      : 'can only be set for deprecated versions';
  return why ? [invalidValue(`${field}.deprecationWarning`, warning, why)] : [];
};

const schemaCausesOf = (version: JsonObject, field: string): StatusCause[] => {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  if (!isObject(schema)) return [];
  const keywords = keywordCauses(schema, field);
  const structure = structureCauses(schema, field);
  const hasStatus = isObject(at(version, 'subresources', 'status'));
  return [
    ...(hasStatus ? rootCauses(schema, field) : []),
    ...nullableCauses(schema, field),
    ...structure,
    ...(structure.length > 0 || keywords.length > 0 ? [] : defaultCauses(schema, field)),
    ...keywords.filter(({ field: path }) => !structure.some((cause) => cause.field === path)),
  ];
};

/** A field that all versions share is looked at once, as a field of the spec. */
const shared = (versions: JsonObject[], version: JsonObject, field: string) => ({
  isShared: isShared(versions, field),
  isFirst: versions[0] === version,
});

const versionCauses = (versions: JsonObject[], version: JsonObject, index: number): StatusCause[] => {
  refuse(version);
  const field = `spec.versions[${index}]`;
  const schema = shared(versions, version, 'schema');
  const columns = shared(versions, version, 'additionalPrinterColumns');
  const schemaField = `${schema.isShared ? 'spec.validation' : `${field}.schema`}.openAPIV3Schema`;
  const fault = dns1035Fault(nameOf(version));
  return [
    ...(fault === undefined ? [] : [invalidValue(`${field}.name`, nameOf(version), fault)]),
    ...warningCauses(version, field),
    ...(isObject(at(version, 'schema', 'openAPIV3Schema')) ? [] : [missingSchema(index)]),
    ...(schema.isShared && !schema.isFirst ? [] : schemaCausesOf(version, schemaField)),
    ...(columns.isShared && !columns.isFirst
      ? []
      : columnsCauses(version, `${columns.isShared ? 'spec' : field}.additionalPrinterColumns`)),
  ];
};

/** A version as Kubernetes' messages print it, without the fields that all versions share. */
const printed = (version: JsonObject) => ({
  Name: nameOf(version),
  Served: own(version, 'served') === true,
  Storage: own(version, 'storage') === true,
  Deprecated: own(version, 'deprecated') === true,
  DeprecationWarning: textAt(version, 'deprecationWarning') ?? null,
  Schema: null,
  Subresources: null,
  AdditionalPrinterColumns: null,
  SelectableFields: null,
});

const togetherCauses = (definition: ApiObject, versions: JsonObject[]): StatusCause[] => {
  const names = versions.map(nameOf);
  const given = Array.isArray(at(definition, 'spec', 'versions'));
  const shown = given ? versions.map(printed) : null;
  const count = versions.filter((version) => own(version, 'storage') === true).length;
  return [
    ...(new Set(names).size === names.length
      ? []
      : [invalidValue('spec.versions', shown, 'must contain unique version names')]),
    ...(count === 1
      ? []
      : [invalidValue('spec.versions', shown, 'must have exactly one version marked as storage version')]),
  ];
};

const storedCauses = (definition: ApiObject, versions: JsonObject[]): StatusCause[] => {
  const field = 'status.storedVersions';
  const stored = stringsAt(definition, 'status', 'storedVersions');
  if (stored.length === 0) return [invalidValue(field, null, 'must have at least one stored version')];
  const missing = versions
    .filter((version) => own(version, 'storage') === true && !stored.includes(nameOf(version)))
    .map((version) => invalidValue(field, stored, `must have the storage version ${nameOf(version)}`));
  const lost = stored.flatMap((name, index) => {
    if (versions.some((version) => nameOf(version) === name)) return [];
    const why =
      `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a ` +
      `storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [invalidValue(`${field}[${index}]`, name, why)];
  });
  return [...missing, ...lost];
};

export const versionsCauses = (definition: ApiObject): StatusCause[] => {
  const versions = versionsOf(definition);
  return [
    ...versions.flatMap((version, index) => versionCauses(versions, version, index)),
    ...togetherCauses(definition, versions),
    ...storedCauses(definition, versions),
  ];
};
