/** What a table column is made of. */
import type { KubernetesObject } from '../../../../../shared/model/kubernetes.ts';
import { age } from './duration.ts';

export type Cell = string | number | boolean | null;

export interface Column<T = KubernetesObject> {
  name: string;
  /** OpenAPI type of the cells. Ages and other human text are `string`. */
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: 'name';
  description?: string;
  /** Above 0: only shown with `-o wide`. */
  priority?: number;
  cell(object: T, now: Date): Cell;
}

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: ({ metadata }) => metadata.name,
};

export const AGE: Column = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, now) => age(metadata.creationTimestamp, now),
};

export const text = <T>(name: string, cell: (object: T, now: Date) => Cell): Column<T> => ({
  name,
  type: 'string',
  cell,
});

/** A number under a column that most printers of Kubernetes declare as text. */
export const count = <T>(name: string, cell: (object: T) => number | undefined): Column<T> => ({
  name,
  type: 'string',
  cell: (object) => cell(object) ?? 0,
});

export const integer = <T>(name: string, cell: (object: T) => number | undefined): Column<T> => ({
  ...count(name, cell),
  type: 'integer',
});

export const CREATED_AT: Column = {
  name: 'Created At',
  type: 'date',
  cell: ({ metadata }) => metadata.creationTimestamp ?? '',
};

/** Only shown with `-o wide`. */
export const wide = <T>(column: Column<T>): Column<T> => ({ ...column, priority: 1 });

/** `a=b,c=d` as kubectl shows a set of labels. */
export const labels = (map: Record<string, string> | undefined): string =>
  Object.entries(map ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';
