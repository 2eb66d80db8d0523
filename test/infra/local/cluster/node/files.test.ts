import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Container, PodSpec, Volume } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { type Bench, script, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const output = async (spec: PodSpec, metadata = {}): Promise<string> => {
  const pod = await bench.run(spec, metadata);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  return bench.logs(pod, 'a');
};

const printing = (text: string, more: Partial<Container>, volumes: Volume[] = []) =>
  output({ containers: [script('a', text, more)], volumes });

it('one file of a Secret is mounted by subPath, beside the files of its directory', async () => {
  await bench.secret('agent', { 'config.json': '{"a":1}', other: 'x' });
  const volumeMounts = [
    { name: 'config', mountPath: '/opt/agent/config.json', subPath: 'config.json' },
    { name: 'state', mountPath: '/opt/agent/state' },
  ];
  const volumes = [
    { name: 'config', secret: { secretName: 'agent', defaultMode: 0o400 } },
    { name: 'state', emptyDir: {} },
  ];
  const text =
    'cat /opt/agent/config.json; echo; ls $CONTAINER_ROOT/opt/agent; ls /opt/agent/state; stat -Lc %a /opt/agent/config.json';
  expect(await printing(text, { volumeMounts }, volumes)).toBe('{"a":1}\nconfig.json\nstate\n400\n');
});

it('a subPath that the Secret does not hold becomes a directory, as the kubelet makes it', async () => {
  await bench.secret('bare', {});
  const volumeMounts = [{ name: 'c', mountPath: '/opt/c.json', subPath: 'c.json' }];
  expect(
    await printing('test -d /opt/c.json && echo directory', { volumeMounts }, [
      { name: 'c', secret: { secretName: 'bare' } },
    ]),
  ).toBe('directory\n');
});

it('a ConfigMap is mounted by items, the Pod itself by downwardAPI', async () => {
  await bench.configMap('settings', { one: '1', two: '2' });
  const volumeMounts = [
    { name: 'c', mountPath: '/etc/settings/' },
    { name: 'd', mountPath: '/etc/pod' },
  ];
  const volumes: Volume[] = [
    { name: 'c', configMap: { name: 'settings', items: [{ key: 'two', path: 'sub/second' }] } },
    { name: 'd', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  ];
  const spec = {
    containers: [
      script('a', 'ls /etc/settings; cat /etc/settings/sub/second /etc/pod/labels', { volumeMounts }),
    ],
    volumes,
  };
  expect(await output(spec, { labels: { app: 'web' } })).toBe('sub\n2app="web"');
});

const API_ACCESS: Volume = {
  name: 'api',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'root-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
    ],
  },
};

it('a projected volume has the files of all its sources, the token from whoever issues it', async () => {
  const issuing = await startBench({
    serviceAccountToken: async ({ metadata }, { expirationSeconds }) =>
      `token of ${metadata.name} for ${expirationSeconds} s`,
  });
  try {
    await issuing.configMap('root-ca', { 'ca.crt': 'PEM', other: '' });
    const volumeMounts = [{ name: 'api', mountPath: '/var/run/api' }];
    const text = 'cd /var/run/api; ls | tr "\\n" " "; cat token; echo; cat ca.crt namespace';
    const spec = { containers: [script('a', text, { volumeMounts })], volumes: [API_ACCESS] };
    const pod = await issuing.run(spec, { name: 'asking' });
    await issuing.until(pod, ({ phase }) => phase === 'Succeeded');
    expect(await issuing.logs(pod, 'a')).toBe(
      'ca.crt namespace token token of asking for 3607 s\nPEMdefault',
    );
  } finally {
    await issuing.close();
  }
});

it('a node that can issue no token says so, and does not start the Pod', async () => {
  const pod = await bench.run({ containers: [script('a', 'true')], volumes: [API_ACCESS] });
  await vi.waitFor(async () =>
    expect(await bench.events(pod)).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "api" : serviceAccountToken is not supported by the local node',
    ),
  );
});

it('a volume is shared by containers and outlives a restart, a root does not', async () => {
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const text = 'ls; touch own; test -f /data/n || { touch /data/n; exit 1; }; ls /data';
  const pod = await bench.run({
    restartPolicy: 'OnFailure',
    containers: [script('a', text, { volumeMounts })],
    volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }],
  });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(await bench.logs(pod, 'a')).toBe('bin\ndata\nn\n');
});

it('a container sees its own variables and nothing of the environment of this process', async () => {
  const env = [
    { name: 'TAG', valueFrom: { fieldRef: { fieldPath: "metadata.labels['tag']" } } },
    { name: 'GREETING', value: 'hello $(TAG)' },
  ];
  const text =
    'env | cut -d= -f1 | sort | grep -vE "^(PWD|SHLVL|_|OLDPWD)$" | tr "\\n" " "; echo "$GREETING from $HOSTNAME"';
  const spec = { containers: [script('a', text, { env })] };
  expect(await output(spec, { name: 'visible', labels: { tag: 'blue' } })).toBe(
    'CONTAINER_ROOT GREETING HOME HOSTNAME PATH TAG hello blue from visible\n',
  );
});

it('the shell of a container knows [[, and its workingDir may lie in a volume', async () => {
  const more = { volumeMounts: [{ name: 'w', mountPath: '/work' }], workingDir: '/work' };
  const text = 'if [[ -d /work ]]; then touch here; ls /work; fi';
  expect(await printing(text, more, [{ name: 'w', emptyDir: {} }])).toBe('here\n');
});

it('arguments use variables by $(NAME)', async () => {
  const a: Container = {
    ...script('a', ''),
    command: ['/bin/sh', '-c', 'echo "$1"', 'sh'],
    args: ['<$(X)>'],
    env: [{ name: 'X', value: 'x' }],
  };
  expect(await output({ containers: [a] })).toBe('<x>\n');
});

it('a Secret volume that is missing is a FailedMount, and mounted once it is there', async () => {
  const pod = await bench.run({
    containers: [script('a', 'cat /s/k', { volumeMounts: [{ name: 's', mountPath: '/s' }] })],
    volumes: [{ name: 's', secret: { secretName: 'tardy' } }],
  });
  const waiting = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.reason === 'ContainerCreating',
  );
  expect(waiting.status?.phase).toBe('Pending');
  await bench.secret('tardy', { k: 'here' });
  await bench.client.patch(PODS, pod.metadata, { metadata: { labels: { poke: '1' } } }, { type: 'merge' });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(await bench.events(pod)).toContain(
    'FailedMount: MountVolume.SetUp failed for volume "s" : secret "tardy" not found',
  );
  expect(await bench.logs(pod, 'a')).toBe('here');
});
