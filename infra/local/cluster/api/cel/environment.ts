/** What an expression of admission can name, with the types that Kubernetes declares. */
import { Environment } from '@marcbachmann/cel-js';
import { OWN } from './own.ts';

const REQUEST = 'kubernetes.AdmissionRequest';
const KIND = 'kubernetes.GroupVersionKind';
const RESOURCE = 'kubernetes.GroupVersionResource';
const USER = 'kubernetes.UserInfo';
const VARIABLES = 'kubernetes.variables';

/** `authorizer` is not declared: there is nobody to ask. */
const common = new Environment({ enableOptionalTypes: true })
  .registerType(KIND, { fields: { group: 'string', version: 'string', kind: 'string' } })
  .registerType(RESOURCE, { fields: { group: 'string', version: 'string', resource: 'string' } })
  .registerType(USER, {
    fields: {
      username: 'string',
      uid: 'string',
      groups: 'list<string>',
      extra: 'map<string, list<string>>',
    },
  })
  .registerType(REQUEST, {
    fields: {
      kind: KIND,
      resource: RESOURCE,
      subResource: 'string',
      requestKind: KIND,
      requestResource: RESOURCE,
      requestSubResource: 'string',
      name: 'string',
      namespace: 'string',
      operation: 'string',
      userInfo: USER,
      dryRun: 'bool',
      options: 'dyn',
    },
  })
  .registerVariable('object', 'dyn')
  .registerVariable('oldObject', 'dyn')
  .registerVariable('namespaceObject', 'dyn')
  .registerVariable('request', REQUEST);

for (const { signature, work } of Object.values(OWN)) common.registerFunction(signature, work);

/** Names of a policy's variables, and the CEL type of each. */
export type VariableTypes = Record<string, string>;

/** Without `types` there is nothing called `variables`. */
export const environmentWith = (types: VariableTypes | undefined): Environment =>
  types === undefined
    ? common
    : common.clone().registerType(VARIABLES, { fields: types }).registerVariable('variables', VARIABLES);
