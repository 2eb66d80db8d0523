/** What `pods/resize` does not take. */
import { describe, expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract, podsIn } from './harness/contract.ts';
import { accepting, causesOf, main, mainAsks, sideAsks, start } from './harness/resizes.ts';

type Refusal = [what: string, spec: Json, causes: [field: string, message: string][]];

const ONLY = 'Forbidden: only cpu and memory resources are mutable';
const REMOVED = (list: string) => `Forbidden: resource ${list} cannot be removed`;

const REFUSALS: Refusal[] = [
  ['another resource', mainAsks({ 'ephemeral-storage': '1Gi' }), [['spec', ONLY]]],
  [
    'another resource of a sidecar',
    sideAsks({ 'ephemeral-storage': '1Gi' }),
    [['spec', 'Forbidden: only cpu and memory resources for sidecar containers are mutable']],
  ],
  [
    'another resizePolicy',
    main({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }),
    [['spec', ONLY]],
  ],
  [
    'a request above the limit',
    mainAsks({ cpu: '2' }),
    [
      [
        'spec.containers[0].resources.requests',
        'Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
    ],
  ],
  [
    'an amount below 0',
    mainAsks({ cpu: '-1' }),
    [
      [
        'spec.containers[0].resources.requests[cpu]',
        'Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
  ],
  [
    'a limit that is gone',
    mainAsks({}, { cpu: null }),
    [['spec.containers[0].resources.limits', REMOVED('limits')]],
  ],
  [
    'a request of a sidecar that is gone',
    { initContainers: [{ name: 'side', resources: null }] },
    [['spec.initContainers[1].resources.requests', REMOVED('requests')]],
  ],
  [
    'an init container that ends',
    { initContainers: [{ name: 'first', resources: { requests: { cpu: '2' } } }] },
    [['spec', 'Forbidden: resources for non-sidecar init containers are immutable']],
  ],
  [
    'a container that is not there',
    { containers: [{ name: 'nope', resources: { requests: { cpu: '1' } } }] },
    [
      ['spec.containers[0].image', 'Required value'],
      ['spec.containers', 'Forbidden: containers may not be added or removed on resize'],
    ],
  ],
  [
    'an init container that is not there',
    { initContainers: [{ name: 'nope', image: 'a' }] },
    [['spec.initContainers', 'Forbidden: initContainers may not be added or removed on resize']],
  ],
  [
    'everything that is gone',
    {
      containers: [{ name: 'main', resources: null }],
      initContainers: [
        { name: 'first', resources: null },
        { name: 'side', resources: null },
      ],
    },
    [
      ['spec', 'Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
      ['spec.initContainers[1].resources.requests', REMOVED('requests')],
      ['spec.containers[0].resources.requests', REMOVED('requests')],
      ['spec.containers[0].resources.limits', REMOVED('limits')],
      ['spec', 'Forbidden: resources for non-sidecar init containers are immutable'],
    ],
  ],
];

describe('refused is', () => {
  for (const [what, spec, causes] of REFUSALS)
    contract(`${what}, by its field`, accepting, async (api) => {
      const { resize } = await start(api);
      const { status, failure } = await resize(spec);
      expect([status, causesOf(failure)]).toEqual([422, causes]);
    });

  contract('an amount that is none', accepting, async (api) => {
    const { web, resize } = await start(api);
    for (const [amount, why] of [
      ['many', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
      ['1nn', "unable to parse quantity's suffix"],
    ] as const) {
      const patched = await resize(mainAsks({ cpu: amount }));
      expect([patched.status, patched.failure.message]).toEqual([422, expect.stringContaining(`: ${why}`)]);
      const current = await api.sureGet(web);
      const put = await api.put(`${web}/resize`, { ...current, spec: mainAsks({ cpu: amount }) });
      expect([put.status, put.failure.message]).toEqual([
        400,
        `Pod in version "v1" cannot be handled as a Pod: ${why}`,
      ]);
    }
  });

  contract('another name and another order of containers', accepting, async (api) => {
    const { web } = await start(api);
    const current = await api.sureGet(web);
    const { containers, initContainers } = current.spec as Record<string, Json[]>;
    const put = async (spec: Json) => {
      const { status, failure } = await api.put(`${web}/resize`, {
        ...current,
        spec: { ...current.spec, ...spec },
      });
      return [status, causesOf(failure)];
    };
    const why = (list: string) => `Forbidden: ${list} may not be renamed or reordered on resize`;
    expect(await put({ containers: containers?.map((container) => ({ ...container, name: 'a' })) })).toEqual([
      422,
      [['spec.containers[0].name', why('containers')]],
    ]);
    expect(await put({ initContainers: initContainers?.toReversed() })).toEqual([
      422,
      [0, 1].map((index) => [`spec.initContainers[${index}].name`, why('initContainers')]),
    ]);
  });

  contract('a first request of a Pod that asked for nothing', accepting, async (api) => {
    const { resize } = await start(api, {});
    const { status, failure } = await resize(mainAsks({ cpu: '1' }));
    expect([status, failure.message]).toEqual([
      422,
      'Pod "web" is invalid: spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
    ]);
  });

  contract('a Pod with resources of its own', accepting, async (api) => {
    const { resize } = await start(api, { resources: { requests: { cpu: '1' } } });
    const { status, failure } = await resize(mainAsks({ cpu: '1' }));
    expect([status, causesOf(failure)]).toEqual([
      422,
      [['[]', 'Forbidden: pods with pod-level resources cannot be resized']],
    ]);
  });

  contract('a Pod that runs where nobody tells what its containers have', accepting, async (api) => {
    const { web, resize } = await start(api);
    const report = (more: Json) =>
      api.patch('merge', `${web}/status`, {
        status: {
          containerStatuses: [
            {
              name: 'main',
              image: 'a',
              imageID: '',
              ready: true,
              restartCount: 0,
              state: { running: {} },
              ...more,
            },
          ],
        },
      });
    expect((await report({})).status).toBe(200);
    const { status, failure } = await resize(mainAsks({ cpu: '200m' }));
    expect([status, causesOf(failure)]).toEqual([
      422,
      [['spec', 'Forbidden: Pod running on node without support for resize']],
    ]);
    expect((await report({ resources: {} })).status).toBe(200);
    expect((await resize(mainAsks({ cpu: '200m' }))).object.metadata.generation).toBe(2);
  });

  contract('another method, and a Pod that is not there', accepting, async (api) => {
    const { namespace, web } = await start(api);
    expect((await api.remove(`${web}/resize`)).status).toBe(405);
    expect((await api.post(`${web}/resize`, {})).status).toBe(405);
    const missing = await api.patch('strategic', `${podsIn(namespace)}/nope/resize`, {});
    expect([missing.status, missing.failure.message]).toEqual([404, 'pods "nope" not found']);
  });
});
