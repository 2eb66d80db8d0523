/** Objects and lists as `meta.k8s.io/v1` Tables, the form in which `kubectl get` asks for them. */
import type { KubernetesObject } from '../../../../../shared/model/kubernetes.ts';
import { badRequest } from '../../api/errors.ts';
import type { RegisteredResource } from '../../api/types.ts';
import type { Column } from './column.ts';
import { columnsOf } from './columns.ts';
import { unsupportedColumns } from './custom.ts';

/** What each row carries besides its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface Table {
  kind: 'Table';
  apiVersion: 'meta.k8s.io/v1';
  metadata: Record<string, unknown>;
  /** Left out in all but the first event of a watch. */
  columnDefinitions?: object[];
  rows: { cells: unknown[]; object: object | null }[];
}

export interface TableOptions {
  resources: RegisteredResource[];
  includeObject: IncludeObject;
  now: Date;
}

type Item = KubernetesObject & { items?: KubernetesObject[] };

/** The `includeObject` query parameter; throws an {@link ApiError} 400 for any other word. */
export const parseIncludeObject = (text: string | null): IncludeObject => {
  if (text === null || text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  throw badRequest(
    `includeObject: Unsupported value: "${text}": supported values: "Metadata", "None", "Object"`,
  );
};

const groupVersionOf = (apiVersion = ''): [string, string] => {
  const slash = apiVersion.indexOf('/');
  return [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
};

const rowKind = ({ kind = '', items }: Item): string => (items ? kind.replace(/List$/, '') : kind);

const definition = ({ name, type, format, description = name, priority = 0 }: Column) => ({
  name,
  type,
  format: format ?? '',
  description,
  priority,
});

/** Items of a built-in list carry no type of their own; in a row they do. */
const rowObject = (
  object: KubernetesObject,
  type: { apiVersion?: string; kind: string },
  include: IncludeObject,
): { object: object | null } => {
  if (include === 'None') return { object: null };
  if (include === 'Object') return { object: { ...object, ...type } };
  const { metadata } = object;
  return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata } };
};

const tableMetadata = ({ metadata, items }: Item): Record<string, unknown> =>
  items ? { ...metadata } : { resourceVersion: metadata.resourceVersion };

/** A table of one object or of a list, and warnings about columns that can't be computed. */
export const toTable = (
  object: Item,
  { resources, includeObject, now }: TableOptions,
): { table: Table; warnings: string[] } => {
  const [group, version] = groupVersionOf(object.apiVersion);
  const kind = rowKind(object);
  const resource = resources.find(
    (one) => one.group === group && one.version === version && one.kind === kind,
  );
  const columns = columnsOf(group, kind, resource);
  return {
    warnings: resource ? unsupportedColumns(resource) : [],
    table: {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: tableMetadata(object),
      columnDefinitions: columns.map(definition),
      rows: (object.items ?? [object]).map((item) => ({
        cells: columns.map((column) => column.cell(item, now)),
        ...rowObject(item, { apiVersion: object.apiVersion, kind }, includeObject),
      })),
    },
  };
};
