import { describe, expect, it } from 'vitest';
import { decodeMessage, decodeProtobuf } from '../../../../../../infra/local/cluster/face/protobuf/decode.ts';
import { bytes, envelope, number } from './encode.ts';

const MAGIC = Buffer.from('k8s\0');

describe('a message', () => {
  it.each([
    ['text', 'ObjectMeta', [bytes(1, 'größe')], { name: 'größe' }],
    [
      'a byte order mark in text',
      'EnvVar',
      [bytes(1, 'A'), bytes(2, '\ufeffx')],
      { name: 'A', value: '\ufeffx' },
    ],
    ['a number below zero', 'PodSpec', [number(25, -1)], { priority: -1 }],
    ['a number of 64 bits', 'DeleteOptions', [number(1, 2 ** 40)], { gracePeriodSeconds: 2 ** 40 }],
    ['true and false', 'ConfigMap', [number(4, 0)], { immutable: false }],
    [
      'a list, empty text in it too',
      'Container',
      [bytes(1, 'c'), bytes(3, 'sh'), bytes(3, '')],
      { name: 'c', command: ['sh', ''] },
    ],
    ['a list of numbers', 'PodSecurityContext', [number(4, 1), number(4, 0)], { supplementalGroups: [1, 0] }],
    [
      'a map of text',
      'ConfigMap',
      [bytes(2, bytes(1, 'a'), bytes(2, '1')), bytes(2, bytes(1, 'b'), bytes(2, ''))],
      { data: { a: '1', b: '' } },
    ],
    ['a map entry without its empty parts', 'ConfigMap', [bytes(2)], { data: { '': '' } }],
    [
      'a map of bytes',
      'Secret',
      [bytes(2, bytes(1, 'a'), bytes(2, Buffer.from([0, 255])))],
      { data: { a: 'AP8=' } },
    ],
    [
      'quantities',
      'ResourceRequirements',
      [bytes(1, bytes(1, 'cpu'), bytes(2, bytes(1, '100m')))],
      { limits: { cpu: '100m' } },
    ],
    [
      'a port by number',
      'ServicePort',
      [number(3, 80), bytes(4, number(1, 0), number(2, 8080), bytes(3, ''))],
      { port: 80, targetPort: 8080 },
    ],
    [
      'a port by name',
      'ServicePort',
      [number(3, 80), bytes(4, number(1, 1), number(2, 0), bytes(3, 'web'))],
      { port: 80, targetPort: 'web' },
    ],
    [
      'a time',
      'ObjectMeta',
      [bytes(9, number(1, 1_700_000_000), number(2, 5))],
      { deletionTimestamp: '2023-11-14T22:13:20Z' },
    ],
    [
      'the beginning of 1970',
      'ContainerStateRunning',
      [bytes(1, number(1, 0), number(2, 0))],
      { startedAt: '1970-01-01T00:00:00Z' },
    ],
    [
      'a message within, and its fields that stand outside in JSON',
      'Volume',
      [bytes(1, 'v'), bytes(2, bytes(2, bytes(1, '')))],
      { name: 'v', emptyDir: {} },
    ],
  ])('holds %s', (_name, message, fields, expected) => {
    expect(decodeMessage(message, Buffer.concat(fields))).toEqual(expected);
  });

  it.each([
    ['text', 'ObjectMeta', [bytes(2, ''), bytes(1, 'a')], { name: 'a' }],
    ['a number', 'DeploymentStatus', [number(2, 0)], {}],
    ['false', 'PodSpec', [number(11, 0)], {}],
    ['no time', 'ObjectMeta', [bytes(8)], {}],
    ['a message of zero values', 'Deployment', [bytes(3, number(1, 0), number(2, 0))], {}],
    [
      'a port',
      'ServicePort',
      [number(3, 80), bytes(4, number(1, 0), number(2, 0), bytes(3, ''))],
      { port: 80 },
    ],
  ])('leaves out what Go sends for a field that nobody set: %s', (_name, message, fields, expected) => {
    expect(decodeMessage(message, Buffer.concat(fields))).toEqual(expected);
  });

  it('keeps a zero that somebody set', () => {
    expect(decodeMessage('DeploymentSpec', number(1, 0))).toEqual({ replicas: 0 });
    expect(decodeMessage('RollingUpdateDeployment', bytes(1, number(1, 0), number(2, 0)))).toEqual({
      maxUnavailable: 0,
    });
  });

  it('keeps a key that is no name for a plain assignment', () => {
    const data = decodeMessage('ConfigMap', bytes(2, bytes(1, '__proto__'), bytes(2, 'x')))['data'];
    expect(Object.entries(data ?? {})).toEqual([['__proto__', 'x']]);
  });

  it.each([
    [
      'a field that is not known',
      'PodSpec',
      [number(99, 1)],
      'the field 99 of the protobuf message PodSpec is not known',
    ],
    [
      'one deep within',
      'Pod',
      [bytes(2, bytes(2, bytes(500, 'x')))],
      'spec: containers: the field 500 of the protobuf message Container is not known',
    ],
    [
      'a volume of a vendor',
      'Volume',
      [bytes(2, bytes(4, ''))],
      'the field 4 of the protobuf message VolumeSource is not known',
    ],
    ['a number for text', 'ObjectMeta', [number(1, 1)], 'name: a number stands where bytes are expected'],
    [
      'text for a number',
      'DeploymentSpec',
      [bytes(1, 'x')],
      'replicas: bytes stand where a number is expected',
    ],
    [
      'a number that JSON can not hold',
      'DeleteOptions',
      [number(1, 2 ** 60)],
      'gracePeriodSeconds: a number is too large for JSON',
    ],
    [
      'text that is no UTF-8',
      'ConfigMap',
      [bytes(2, bytes(1, Buffer.from([0xff])))],
      'data: key: The encoded data was not valid',
    ],
    ['one value twice', 'ObjectMeta', [bytes(1, 'a'), bytes(1, 'b')], 'name: comes 2 times'],
  ])('is refused for %s', (_name, message, fields, why) => {
    expect(() => decodeMessage(message, Buffer.concat(fields))).toThrow(why);
  });
});

describe('an envelope', () => {
  const configMap = [bytes(1, bytes(1, 'a')), bytes(2, bytes(1, 'k'), bytes(2, 'v'))];

  it('names the kind of the object in it', () => {
    expect(decodeProtobuf(envelope('v1', 'ConfigMap', ...configMap))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { k: 'v' },
    });
  });

  it('holds DeleteOptions in the version of any group', () => {
    expect(decodeProtobuf(envelope('apps/v1', 'DeleteOptions', bytes(4, 'Background')))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
    });
  });

  it('is refused wherever it is cut', () => {
    const whole = envelope('v1', 'ConfigMap', ...configMap);
    // Between two fields of the envelope itself a cut can't be seen.
    const enough = [whole.length - 2, whole.length - 4, envelope('v1', 'ConfigMap').length - 6];
    for (let length = 0; length < whole.length; length++) {
      if (enough.includes(length)) continue;
      expect(() => decodeProtobuf(whole.subarray(0, length)), `${length} bytes`).toThrow();
    }
  });

  it.each([
    ['a kind', envelope('v1', 'Node'), 'v1 Node'],
    ['a version of a kind', envelope('apps/v1beta1', 'Deployment'), 'apps/v1beta1 Deployment'],
    ['a message that is no kind', envelope('v1', 'PodSpec'), 'v1 PodSpec'],
    ['an encoding', Buffer.concat([MAGIC, bytes(3, 'gzip')]), 'the content encoding gzip'],
    [
      'a content type',
      Buffer.concat([MAGIC, bytes(4, 'application/json')]),
      'the content type application/json',
    ],
  ])('is refused with 415 for %s that is not understood', (_name, body, what) => {
    const message = expect.stringMatching(
      `^${what} in application/vnd.kubernetes.protobuf is not supported: send JSON`,
    );
    expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code: 415, message }));
  });

  it('is refused without its first four bytes', () => {
    expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('does not begin with the four bytes');
  });
});
