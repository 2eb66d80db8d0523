/** The resource types that a CustomResourceDefinition adds, one for each served version. */
import { VERBS } from './builtin.ts';
import { at, isObject, type JsonObject, objectsAt, own, stringsAt, textAt } from './json.ts';
import type { ApiObject } from './objects.ts';
import type { ConversionWebhook, ResourceType } from './resourceType.ts';
import { customRules } from './structural/rules.ts';
import type { Schema } from './structural/schema.ts';
import type { RegisteredResource } from './types.ts';
import { byPriority } from './versions.ts';

/** What a resource does no more while its definition goes. */
const ADDING = ['create', 'patch', 'update'];

/** The best served version that is not deprecated takes the place of one that is. */
const deprecation = (definition: ApiObject, version: JsonObject): { deprecation?: string } => {
  if (own(version, 'deprecated') !== true) return {};
  const given = textAt(version, 'deprecationWarning');
  if (given !== undefined) return { deprecation: given };
  const [group, kind] = [textAt(definition, 'spec', 'group'), textAt(definition, 'spec', 'names', 'kind')];
  const [best] = objectsAt(definition, 'spec', 'versions')
    .filter((other) => own(other, 'served') === true && own(other, 'deprecated') !== true)
    .map((other) => textAt(other, 'name') ?? '')
    .sort(byPriority);
  const name = textAt(version, 'name') ?? '';
  const next = best !== undefined && byPriority(best, name) < 0 ? `; use ${group}/${best} ${kind}` : '';
  return { deprecation: `${group}/${name} ${kind} is deprecated${next}` };
};

const conversionOf = (definition: ApiObject): ConversionWebhook | undefined => {
  const conversion = at(definition, 'spec', 'conversion');
  if (textAt(conversion, 'strategy') !== 'Webhook') return undefined;
  const caBundle = textAt(conversion, 'webhook', 'clientConfig', 'caBundle');
  return {
    url: textAt(conversion, 'webhook', 'clientConfig', 'url') ?? '',
    ...(caBundle !== undefined && { caBundle }),
  };
};

const printerColumn = (column: JsonObject) => {
  const description = textAt(column, 'description');
  const priority = own(column, 'priority');
  return {
    name: textAt(column, 'name') ?? '',
    type: textAt(column, 'type') ?? 'string',
    jsonPath: textAt(column, 'jsonPath') ?? '',
    ...(description !== undefined && { description }),
    ...(typeof priority === 'number' && { priority }),
  };
};

const printerColumns = (version: JsonObject): RegisteredResource['printerColumns'] =>
  objectsAt(version, 'additionalPrinterColumns').map(printerColumn);

const schemaOf = (version: JsonObject): Schema => {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  return isObject(schema) ? schema : {};
};

/** Empty while no version is served. */
export const customTypes = (definition: ApiObject): ResourceType[] => {
  const names = at(definition, 'spec', 'names');
  const versions = objectsAt(definition, 'spec', 'versions');
  const stored = versions.find((version) => own(version, 'storage') === true);
  const conversion = conversionOf(definition);
  const terminating = definition.metadata.deletionTimestamp !== undefined;
  const schemas = new Map(
    versions.map((version) => [textAt(version, 'name') ?? '', schemaOf(version)] as const),
  );
  return versions
    .filter((version) => own(version, 'served') === true)
    .map((version) => ({
      group: textAt(definition, 'spec', 'group') ?? '',
      version: textAt(version, 'name') ?? '',
      plural: textAt(names, 'plural') ?? '',
      singular: textAt(names, 'singular') ?? '',
      kind: textAt(names, 'kind') ?? '',
      namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
      shortNames: stringsAt(names, 'shortNames'),
      categories: stringsAt(names, 'categories'),
      verbs: VERBS.filter((verb) => !terminating || !ADDING.includes(verb)),
      subresources: isObject(at(version, 'subresources', 'status')) ? ['status'] : [],
      printerColumns: printerColumns(version),
      ...deprecation(definition, version),
      rules: customRules(schemaOf(version)),
      schema: schemaOf(version),
      schemas,
      custom: true,
      storageVersion: textAt(stored, 'name') ?? '',
      ...(conversion && { conversion }),
      ...(terminating && { terminating }),
    }));
};
