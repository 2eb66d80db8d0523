/** The variables of a matchCondition, with the types that Kubernetes declares for them. */
import { Environment } from '@marcbachmann/cel-js';

const REQUEST = 'kubernetes.AdmissionRequest';
const KIND = 'kubernetes.GroupVersionKind';
const RESOURCE = 'kubernetes.GroupVersionResource';
const USER = 'kubernetes.UserInfo';

/** `authorizer` is not declared: there is nobody to ask. */
export const environment = new Environment({ enableOptionalTypes: true })
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
