/** A CustomResourceDefinition of the test's own, established. */

import { type Answered, type Json, removeAtEnd } from './api.ts';
import { type Api, eventually, freshName } from './contract.ts';

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export const version = (name: string, schema: Json, more: Json = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});

export type Version = ReturnType<typeof version>;

/** `widgets.<group>`, namespaced. */
export const widgets = (group: string, versions: Version[], spec: Json = {}, names: Json = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', ...names },
    versions,
    ...spec,
  },
});

export const freshGroup = (): string => `${freshName('group')}.example.com`;

export const conditionOf = (definition: Answered, type: string): Json | undefined => {
  const { conditions } = definition.status;
  return Array.isArray(conditions) ? conditions.find((one) => one.type === type) : undefined;
};

/** What a schema says about the field `spec`. */
export const withSpec = (spec: Json, more: Json = {}): Json => ({
  type: 'object',
  properties: { spec: { type: 'object', ...spec }, ...more },
});

export interface Widgets {
  group: string;
  definition: string;
  /** The collection in a version, in the namespace `default`. */
  path(version?: string): string;
  widget(name: string, spec?: unknown, version?: string): Json & { metadata: Json };
}

export const widgetsOf = (group: string): Widgets => ({
  group,
  definition: `${DEFINITIONS}/widgets.${group}`,
  path: (name = 'v1') => `/apis/${group}/${name}/namespaces/default/widgets`,
  widget: (name, spec, apiVersion = 'v1') => ({
    apiVersion: `${group}/${apiVersion}`,
    kind: 'Widget',
    metadata: { name },
    ...(spec !== undefined && { spec }),
  }),
});

/** A server that has just established a definition may answer 404 for a moment. */
export const served = (api: Api, path: string) =>
  eventually(async () => (await api.get(path)).status === 200);

/** Created and served in its first version; deleted when the test has finished. */
export const establish = async (
  api: Api,
  versions: Version[],
  spec: Json = {},
  names: Json = {},
): Promise<Widgets> => {
  const group = freshGroup();
  const made = widgetsOf(group);
  await api.surePost(DEFINITIONS, widgets(group, versions, spec, names));
  removeAtEnd(made.definition);
  await eventually(
    async () => conditionOf(await api.sureGet(made.definition), 'Established')?.['status'] === 'True',
  );
  for (const one of versions) if (one.served) await served(api, made.path(one.name));
  return made;
};
