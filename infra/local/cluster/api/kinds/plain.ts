/** Kinds with few rules: namespaces, configuration, events, nodes, accounts, services, revisions. */
import { LABEL_NAMESPACE_NAME } from '../../../../../shared/model/names.ts';
import { forbiddenField, immutable, invalidValue } from '../errors.ts';
import { at, child, equal, isObject, objectsAt, own, preset } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { KindRules } from '../resourceType.ts';

const plain: KindRules = { generation: false, unconditionalUpdate: true };

/** Every namespace carries its own name as a label, so that selectors can name it. */
const labelNamespace = (namespace: ApiObject): void => {
  if (!namespace.metadata.name) return;
  namespace.metadata.labels = {
    ...namespace.metadata.labels,
    [LABEL_NAMESPACE_NAME]: namespace.metadata.name,
  };
};

export const namespaceRules: KindRules = {
  ...plain,
  labelNames: true,
  returnsDeleted: true,
  fields: new Map([['status.phase', ['status', 'phase']]]),
  setDefaults: labelNamespace,
  prepareCreate(namespace) {
    labelNamespace(namespace);
    namespace['status'] = { phase: 'Active' };
  },
};

const frozenCauses = (object: ApiObject, old: ApiObject) => {
  if (own(old, 'immutable') !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const changed = ['immutable', 'data', 'binaryData'].filter(
    (field) => !equal(own(object, field), own(old, field)),
  );
  return changed.map((field) => forbiddenField(field, why));
};

/** Empty maps are not written back. */
const dropEmpty = (object: ApiObject): void => {
  for (const field of ['data', 'binaryData']) {
    const value = own(object, field);
    if (isObject(value) && Object.keys(value).length === 0) delete object[field];
  }
};

const KEY = '[-._a-zA-Z0-9]+';
const IS_KEY = new RegExp(`^${KEY}$`);
const KEY_SENTENCE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  `'key-name', regex used for validation is '${KEY}')`;

const keyCauses = (object: ApiObject) =>
  ['data', 'binaryData'].flatMap((field) =>
    Object.keys(child({ ...object }, field))
      .filter((key) => !IS_KEY.test(key))
      .map((key) => invalidValue(`${field}[${key}]`, key, KEY_SENTENCE)),
  );

export const configMapRules: KindRules = {
  ...plain,
  setDefaults: dropEmpty,
  validate: keyCauses,
  validateUpdate: frozenCauses,
};

const mergeStringData = (secret: ApiObject): void => {
  const plainText = own(secret, 'stringData');
  if (!isObject(plainText)) return;
  const data = child(secret, 'data');
  for (const [key, text] of Object.entries(plainText))
    data[key] = Buffer.from(String(text)).toString('base64');
  delete secret['stringData'];
};

export const secretRules: KindRules = {
  ...plain,
  fields: new Map([['type', ['type']]]),
  setDefaults(secret) {
    mergeStringData(secret);
    dropEmpty(secret);
    preset(secret, 'type', 'Opaque');
  },
  validate: keyCauses,
  validateUpdate: (secret, old) => [
    ...frozenCauses(secret, old),
    ...(own(secret, 'type') === own(old, 'type') ? [] : [immutable('type', own(secret, 'type'))]),
  ],
};

export const eventRules: KindRules = {
  ...plain,
  fields: new Map([
    ['involvedObject.kind', ['involvedObject', 'kind']],
    ['involvedObject.name', ['involvedObject', 'name']],
    ['involvedObject.namespace', ['involvedObject', 'namespace']],
    ['involvedObject.uid', ['involvedObject', 'uid']],
    ['involvedObject.apiVersion', ['involvedObject', 'apiVersion']],
    ['involvedObject.resourceVersion', ['involvedObject', 'resourceVersion']],
    ['involvedObject.fieldPath', ['involvedObject', 'fieldPath']],
    ['reason', ['reason']],
    ['reportingComponent', ['reportingComponent']],
    ['source', ['source', 'component']],
    ['type', ['type']],
  ]),
};

export const nodeRules: KindRules = {
  ...plain,
  fields: new Map([['spec.unschedulable', ['spec', 'unschedulable']]]),
};

export const serviceAccountRules: KindRules = { ...plain, returnsDeleted: true };

/** No cluster IP is given: nothing in this cluster routes to one. */
export const serviceRules: KindRules = {
  ...plain,
  labelNames: true,
  returnsDeleted: true,
  fields: new Map([
    ['spec.clusterIP', ['spec', 'clusterIP']],
    ['spec.type', ['spec', 'type']],
  ]),
  setDefaults(service) {
    const spec = child(service, 'spec');
    preset(spec, 'type', 'ClusterIP');
    preset(spec, 'sessionAffinity', 'None');
    for (const port of objectsAt(spec, 'ports')) {
      preset(port, 'protocol', 'TCP');
      preset(port, 'targetPort', own(port, 'port'));
    }
  },
};

export const controllerRevisionRules: KindRules = {
  ...plain,
  validateUpdate: (revision, old) =>
    equal(at(revision, 'data'), at(old, 'data')) ? [] : [immutable('data', own(revision, 'data'))],
};
