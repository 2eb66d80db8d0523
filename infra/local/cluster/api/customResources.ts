/** The resource types that a CustomResourceDefinition adds, one for each served version. */
import { VERBS } from './builtin.ts';
import { at, isObject, type JsonObject, objectsAt, own, stringsAt, textAt } from './json.ts';
import type { ApiObject } from './objects.ts';
import type { ConversionWebhook, KindRules, ResourceType } from './resourceType.ts';
import type { RegisteredResource } from './types.ts';

const rules: KindRules = { generation: true, unconditionalUpdate: false };

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

const schemaOf = (version: JsonObject): { schema?: object } => {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  return isObject(schema) ? { schema } : {};
};

/** Empty while no version is served. */
export const customTypes = (definition: ApiObject): ResourceType[] => {
  const names = at(definition, 'spec', 'names');
  const versions = objectsAt(definition, 'spec', 'versions');
  const stored = versions.find((version) => own(version, 'storage') === true);
  const conversion = conversionOf(definition);
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
      verbs: VERBS,
      subresources: isObject(at(version, 'subresources', 'status')) ? ['status'] : [],
      printerColumns: printerColumns(version),
      rules,
      custom: true,
      storageVersion: textAt(stored, 'name') ?? '',
      ...(conversion && { conversion }),
      ...schemaOf(version),
    }));
};
