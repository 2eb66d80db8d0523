/** What becomes of fields that a built-in kind does not have, and of values of the wrong type. */
import { describe, expect } from 'vitest';
import type { Answer } from './harness/api.ts';
import { configMap, configMapsIn, contract, freshNamespace, pod, podsIn } from './harness/contract.ts';

type Json = Record<string, unknown>;

const takesAll = {
  behaviour: 'takes whatever comes',
  answer: (answer: Answer): Answer => ({
    ...answer,
    status: 200,
    failure: { ...answer.failure, message: '' },
  }),
};

const keepsAll = {
  behaviour: 'keeps unknown fields',
  answer: (answer: Answer): Answer => {
    Object.assign(answer.object, { dat: {} });
    return answer;
  },
};

const STRICT = { fieldValidation: 'Strict' };
const odd = { ...configMap('a', { x: '1' }, { foo: 1 }), dat: { y: 1 } };

/** As Node gives several headers of one name. */
const warnings = ({ headers }: Answer): string => String(headers['warning'] ?? '');

describe('an unknown field', () => {
  contract('is dropped, with a warning for each', keepsAll, async (api) => {
    const path = configMapsIn(await freshNamespace());
    const created = await api.post(path, odd);
    expect([created.status, warnings(created)]).toEqual([
      201,
      '299 - "unknown field \\"metadata.foo\\"", 299 - "unknown field \\"dat\\""',
    ]);
    expect(created.object).not.toHaveProperty('dat');
    expect(created.object.metadata).not.toHaveProperty('foo');
  });

  contract('is dropped in silence when validation is off', keepsAll, async (api) => {
    const path = configMapsIn(await freshNamespace());
    const created = await api.post(path, odd, { fieldValidation: 'Ignore' });
    expect([created.status, warnings(created)]).toEqual([201, '']);
    expect(created.object).not.toHaveProperty('dat');
  });

  contract('is refused by a strict create, with its path', takesAll, async (api) => {
    const namespace = await freshNamespace();
    const refused = await api.post(configMapsIn(namespace), odd, STRICT);
    expect([refused.status, refused.failure.reason, refused.failure.message]).toEqual([
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ' +
        'unknown field "metadata.foo", unknown field "dat"',
    ]);
    const container = { name: 'a', image: 'x', imagee: 'y', env: [{ name: 'A', val: 'b' }] };
    const ofPod = await api.post(podsIn(namespace), pod('p', { spec: { containers: [container] } }), STRICT);
    expect(ofPod.failure.message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
        'unknown field "spec.containers[0].imagee", unknown field "spec.containers[0].env[0].val"',
    );
  });

  contract('is refused by a strict update', takesAll, async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a', { x: '1' }));
    const { status, failure } = await api.put(`${path}/a`, { ...configMap('a'), dat: {} }, STRICT);
    expect([status, failure.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"',
    ]);
  });

  contract('is refused by a strict patch, which shows what was wrong', takesAll, async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a', { x: '1' }));
    const change = { dat: { b: 'c', n: [1, 2.5, true] } };
    const strategic = await api.patch('strategic', `${path}/a`, change, STRICT);
    expect([strategic.status, strategic.failure.message]).toEqual([
      422,
      ' "" is invalid: patch: Invalid value: "map[dat:map[b:c n:[1 2.5 true]]]": strict decoding error: unknown field "dat"',
    ]);
    const merge = await api.patch('merge', `${path}/a`, change, STRICT);
    expect([merge.status, merge.failure.message]).toEqual([
      422,
      expect.stringMatching(
        /^ "" is invalid: patch: Invalid value: "\{.*\\"dat\\":\{.*\}": strict decoding error: unknown field "dat"$/,
      ),
    ]);
    expect((await api.sureGet(`${path}/a`)).data).toEqual({ x: '1' });
  });

  contract('can be validated in three ways only', takesAll, async (api) => {
    const path = configMapsIn(await freshNamespace());
    const { status, failure } = await api.post(path, configMap('a'), { fieldValidation: 'Loose' });
    expect([status, failure.message]).toEqual([
      422,
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": ' +
        'supported values: "", "Ignore", "Strict", "Warn"',
    ]);
  });
});

describe('a value of the wrong type is refused', () => {
  const cases: [string, Json, string][] = [
    [
      'a text for a list',
      { containers: 'a' },
      'string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a number for a text',
      { containers: [{ name: 5 }] },
      'number into Go struct field Container.spec.containers.name of type string',
    ],
    [
      'a text for a number',
      { priority: '1' },
      'string into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'a text for a boolean',
      { hostNetwork: 'yes' },
      'string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      'a fraction for a whole number',
      { containers: [{ name: 'a', ports: [{ containerPort: 1.5 }] }] },
      'number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'a boolean in an environment',
      { containers: [{ name: 'a', env: [{ name: 'A', value: true }] }] },
      'bool into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      'a number in a list of texts',
      { containers: [{ name: 'a', command: [1] }] },
      'number into Go struct field Container.spec.containers.command of type string',
    ],
    [
      'a list for a struct',
      { securityContext: [] },
      'array into Go struct field PodSpec.spec.securityContext of type v1.PodSecurityContext',
    ],
  ];
  for (const [what, spec, sentence] of cases)
    contract(`: ${what}`, takesAll, async (api) => {
      const { status, failure } = await api.post(podsIn(await freshNamespace()), {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec,
      });
      expect([status, failure.message]).toEqual([
        400,
        `Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal ${sentence}`,
      ]);
    });
});
