/** The tables of the built-in kinds say what the real API server's OpenAPI documents say. */
import { expect, it } from 'vitest';
import { TABLES } from '../../../infra/local/cluster/api/schema/tables.ts';
import { exchange } from '../../contract/harness/api.ts';
import { createToTable, placeOf, type Schemas } from './toTable.ts';

const DOCUMENTS = [
  'api/v1',
  'apis/apps/v1',
  'apis/batch/v1',
  'apis/apiextensions.k8s.io/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/policy/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/coordination.k8s.io/v1',
  'apis/flowcontrol.apiserver.k8s.io/v1',
];

const readSchemas = async (document: string): Promise<Schemas> => {
  const path = `/openapi/v3/${document}`;
  const { object } = await exchange({ method: 'GET', path, query: {}, headers: {} });
  const { components } = object as unknown as { components: { schemas: Schemas } };
  return components.schemas;
};

const spaced = (text: string): string => text.trim().replace(/,\s+/g, ', ').replace(/\s+/g, ' ');

it('every table has the fields, types and list keys of its kind', async () => {
  const all = await Promise.all(DOCUMENTS.map(readSchemas));
  const schemas = Object.assign({}, ...all) as Schemas;
  const toTable = createToTable(schemas);
  const components = Object.keys(schemas).filter((component) => /\.v1\./.test(component));
  const real = new Map(
    components.map((component) => {
      const { group, name } = placeOf(component);
      return [`${group}.${name}`, component] as const;
    }),
  );
  const tables = Object.entries(TABLES).flatMap(([group, types]) =>
    Object.entries(types).map(([name, text]) => [`${group}.${name}`, spaced(text)] as const),
  );
  const expected = tables.map(([id]) => [id, toTable(real.get(id) ?? '')]);
  expect(Object.fromEntries(tables)).toEqual(Object.fromEntries(expected));
});
