/** kubectl's other commands. What it prints for columns and ages is in the tests of the tables. */
import { describe, expect } from 'vitest';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  eventually,
  freshName,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { version, widgets, withSpec } from './harness/definitions.ts';
import { deployment, done, NEVER_FAILS, SILENT } from './harness/kubectl.ts';

const start = async (api: Api) => {
  const namespace = await freshNamespace();
  return {
    namespace,
    pods: podsIn(namespace),
    configMaps: configMapsIn(namespace),
    kubectl: (args: string, input?: string | object) =>
      api.kubectl(['-n', namespace, ...args.split(' ')], input),
  };
};

const words = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

describe('writing', () => {
  contract('create makes an object once', NEVER_FAILS, async (api) => {
    const { kubectl } = await start(api);
    expect(await kubectl('create -f -', configMap('a', { x: '1' }))).toEqual(done('configmap/a created'));
    expect(await kubectl('create -f -', configMap('a'))).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error from server (AlreadyExists): error when creating "STDIN": configmaps "a" already exists\n',
    });
  });

  contract('create configmap and secret make objects of their arguments', SILENT, async (api) => {
    const { kubectl, configMaps } = await start(api);
    expect(await kubectl('create configmap a --from-literal=x=1')).toEqual(done('configmap/a created'));
    expect(await kubectl('create secret generic s --from-literal=p=q')).toEqual(done('secret/s created'));
    const { data, metadata } = await api.sureGet(`${configMaps}/a`);
    expect(data).toEqual({ x: '1' });
    expect(metadata.managedFields).toMatchObject([{ manager: 'kubectl-create', operation: 'Update' }]);
  });

  contract('replace needs the object and takes all of it away', NEVER_FAILS, async (api) => {
    const { kubectl, configMaps } = await start(api);
    const missing = await kubectl('replace -f -', configMap('a', { y: '2' }));
    expect([missing.code, missing.stderr]).toEqual([
      1,
      'Error from server (NotFound): error when replacing "STDIN": configmaps "a" not found\n',
    ]);
    await api.surePost(configMaps, configMap('a', { x: '1' }));
    expect(await kubectl('replace -f -', configMap('a', { y: '2' }))).toEqual(done('configmap/a replaced'));
    expect((await api.sureGet(`${configMaps}/a`)).data).toEqual({ y: '2' });
  });

  contract('patch takes each type, and says when nothing changes', SILENT, async (api) => {
    const { kubectl, configMaps } = await start(api);
    await api.surePost(configMaps, configMap('a', { x: '1' }));
    const patch = (type: string, body: unknown) =>
      kubectl(`patch configmap a --type=${type} -p ${JSON.stringify(body)}`);
    expect(await patch('merge', { data: { y: '2' } })).toEqual(done('configmap/a patched'));
    expect(await patch('strategic', { data: { y: '2' } })).toEqual(done('configmap/a patched (no change)'));
    expect(await patch('json', [{ op: 'remove', path: '/data/x' }])).toEqual(done('configmap/a patched'));
    expect((await api.sureGet(`${configMaps}/a`)).data).toEqual({ y: '2' });
  });

  contract('label and annotate write one key, and refuse to overwrite it', NEVER_FAILS, async (api) => {
    const { kubectl, configMaps } = await start(api);
    await api.surePost(configMaps, configMap('a'));
    expect(await kubectl('label configmap a l=v')).toEqual(done('configmap/a labeled'));
    expect(await kubectl('annotate configmap a n=v')).toEqual(done('configmap/a annotated'));
    expect(await kubectl('label configmap a l=w')).toMatchObject({
      code: 1,
      stderr: "error: 'l' already has a value (v), and --overwrite is false\n",
    });
    expect(await kubectl('label configmap a l-')).toEqual(done('configmap/a unlabeled'));
    const { labels, annotations } = (await api.sureGet(`${configMaps}/a`)).metadata;
    expect([labels, annotations]).toEqual([undefined, { n: 'v' }]);
  });

  contract(
    'set image changes one container; rollout status waits for the controller',
    SILENT,
    async (api) => {
      const { kubectl, namespace } = await start(api);
      await kubectl('create -f -', deployment('d'));
      expect(await kubectl('set image deployment/d main=nginx:2')).toEqual(
        done('deployment.apps/d image updated'),
      );
      expect(await kubectl('rollout status deployment/d --timeout=20s')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('deployment "d" successfully rolled out\n'),
      });
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d`;
      expect((await api.sureGet(path)).spec).toMatchObject({
        template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } },
      });
    },
  );

  contract('rollout restart changes the template', SILENT, async (api) => {
    const { kubectl, namespace } = await start(api);
    await kubectl('create -f -', deployment('d'));
    expect(await kubectl('rollout restart deployment/d')).toEqual(done('deployment.apps/d restarted'));
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d`;
    expect((await api.sureGet(path)).spec).toMatchObject({
      template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) } } },
    });
  });

  contract('delete ends an object, by name and by label', NEVER_FAILS, async (api) => {
    const { kubectl, configMaps } = await start(api);
    for (const name of ['a', 'b', 'c'])
      await api.surePost(configMaps, configMap(name, {}, { labels: { l: name === 'c' ? 'no' : 'yes' } }));
    expect(await kubectl('delete configmap a')).toEqual(done('configmap "a" deleted'));
    expect(await kubectl('delete configmap -l l=yes')).toEqual(done('configmap "b" deleted'));
    expect(await kubectl('delete configmap a')).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): configmaps "a" not found\n',
    });
    expect(await kubectl('delete configmap a --ignore-not-found')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await api.get(`${configMaps}/c`)).status).toBe(200);
  });
});

describe('reading', () => {
  contract('get prints tables, names, paths and columns of choice', SILENT, async (api) => {
    const { kubectl, pods } = await start(api);
    await api.surePost(pods, pod('p', { metadata: { labels: { l: 'v' } } }));
    expect(words((await kubectl('get pods')).stdout)).toEqual([
      ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
      ['p', '0/1', 'Pending', '0', expect.stringMatching(/^\d+s$/)],
    ]);
    expect(words((await kubectl('get pods -o wide')).stdout)[0]).toEqual([
      ...['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
    ]);
    expect(words((await kubectl('get pods --show-labels')).stdout)[1]).toContain('l=v');
    expect(await kubectl('get pods -o name')).toEqual(done('pod/p'));
    expect((await kubectl('get pod p -o jsonpath={.spec.containers[*].image}')).stdout).toBe('nginx:1');
    const columns = 'get pods -o custom-columns=POD:.metadata.name,IMAGE:.spec.containers[0].image';
    expect(words((await kubectl(columns)).stdout)).toEqual([
      ['POD', 'IMAGE'],
      ['p', 'nginx:1'],
    ]);
  });

  contract(
    'get as YAML and JSON hides who owns what, unless it is asked for',
    {
      behaviour: 'shows owners to everybody',
      kubectl: (output) => ({ ...output, stdout: `${output.stdout}managedFields` }),
    },
    async (api) => {
      const { kubectl, configMaps } = await start(api);
      await api.surePost(configMaps, configMap('a', { x: '1' }));
      const yaml = await kubectl('get configmap a -o yaml');
      expect(yaml.stdout).toMatch(/^apiVersion: v1\ndata:\n {2}x: "1"\nkind: ConfigMap\nmetadata:\n/);
      expect(yaml.stdout).not.toContain('managedFields');
      const json = await kubectl('get configmap a -o json --show-managed-fields');
      expect(JSON.parse(json.stdout)).toMatchObject({ metadata: { managedFields: [{}] } });
    },
  );

  contract('get of nothing says so', SILENT, async (api) => {
    const { kubectl, namespace } = await start(api);
    expect(await kubectl('get pods')).toEqual({
      code: 0,
      stdout: '',
      stderr: `No resources found in ${namespace} namespace.\n`,
    });
    expect(await kubectl('get pod none')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): pods "none" not found\n',
    });
  });

  contract('get of an unknown kind is refused by kubectl itself', NEVER_FAILS, async (api) => {
    const { kubectl } = await start(api);
    expect(await kubectl('get gizmos')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: the server doesn\'t have a resource type "gizmos"\n',
    });
  });

  contract('get --watch prints each change', SILENT, async (api) => {
    const { kubectl, configMaps } = await start(api);
    await api.surePost(configMaps, configMap('a'));
    const watching = kubectl('get configmap a --watch -o name --request-timeout=4s');
    let n = 0;
    const writing = eventually(async () => {
      n += 1;
      await api.patch('merge', `${configMaps}/a`, { data: { n: String(n) } });
      return n >= 60;
    });
    const { stdout } = await watching;
    await writing.catch(() => undefined);
    expect(stdout.split('\n').filter((line) => line === 'configmap/a').length).toBeGreaterThan(1);
  });

  contract('describe shows a pod, a job and their fields', SILENT, async (api) => {
    const { kubectl, pods } = await start(api);
    await api.surePost(
      pods,
      pod('p', {
        spec: { containers: [{ name: 'main', image: 'nginx:1', env: [{ name: 'E', value: 'v' }] }] },
      }),
    );
    const described = await kubectl('describe pod p');
    expect(described).toMatchObject({ code: 0, stderr: '' });
    for (const line of [
      /^Name: +p$/m,
      /^Status: +Pending$/m,
      /^ {4}Image: +nginx:1$/m,
      /^ {6}E: +v$/m,
      /^QoS Class: +BestEffort$/m,
    ])
      expect(described.stdout).toMatch(line);
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'nginx:1' }] } },
      },
    };
    await kubectl('create -f -', job);
    const ofJob = await kubectl('describe job j');
    expect(ofJob).toMatchObject({ code: 0, stderr: '' });
    for (const line of [
      /^Parallelism: +1$/m,
      /^Completions: +1$/m,
      /^Suspend: +true$/m,
      /^ {4}Image: +nginx:1$/m,
    ])
      expect(ofJob.stdout).toMatch(line);
  });

  contract('describe shows a custom resource with all its fields', SILENT, async (api) => {
    const { kubectl } = await start(api);
    const plural = freshName('gadgets').replaceAll('-', '');
    const kind = `Gadget${plural.slice(7)}`;
    const group = 'kubectl.example.com';
    const sized = version('v1', withSpec({ properties: { maxSize: { type: 'integer' } } }));
    const definition = {
      ...widgets(group, [sized], {}, { plural, kind }),
      metadata: { name: `${plural}.${group}` },
    };
    expect(await kubectl('apply -f -', definition)).toMatchObject({ code: 0 });
    const established = `wait --for=condition=Established crd/${plural}.${group} --timeout=20s`;
    expect(await kubectl(established)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('condition met'),
    });
    const custom = { apiVersion: `${group}/v1`, kind, metadata: { name: 'g' }, spec: { maxSize: 3 } };
    await eventually(async () => (await kubectl('apply -f -', custom)).code === 0);
    const { stdout } = await kubectl(`describe ${plural} g`);
    expect(stdout).toMatch(/^Kind: +Gadget/m);
    expect(stdout).toMatch(/^ {2}Max Size: +3$/m);
    const explained = await eventually(async () => {
      const { code, stdout: text } = await kubectl(`explain ${plural}.spec`);
      return code === 0 && text;
    });
    expect(explained).toMatch(/^ {2}maxSize\t<integer>$/m);
    await kubectl(`delete crd ${plural}.${group} --wait=false`);
  });

  contract('explain shows the fields and types of a kind', SILENT, async (api) => {
    const { kubectl } = await start(api);
    const explained = await kubectl('explain pod.spec.containers.ports');
    expect(explained.code).toBe(0);
    expect(explained.stdout).toMatch(/^KIND: +Pod$/m);
    expect(explained.stdout).toMatch(/^FIELD: ports <\[\]ContainerPort>$/m);
    expect(explained.stdout).toMatch(/^ {2}containerPort\t<integer> -required-$/m);
    const job = await kubectl('explain job.spec');
    expect(job.stdout).toMatch(/^ {2}backoffLimit\t<integer>$/m);
    expect(job.stdout).toMatch(/^ {2}template\t<PodTemplateSpec> -required-$/m);
    expect(await kubectl('explain pod.spec.nothing')).toMatchObject({
      code: 1,
      stderr: 'error: field "nothing" does not exist\n',
    });
  });

  contract('api-resources and api-versions name what is served', SILENT, async (api) => {
    const { kubectl } = await start(api);
    const rows = (await kubectl('api-resources')).stdout.split('\n').map((line) => line.split(/\s+/));
    expect(rows).toContainEqual(['pods', 'po', 'v1', 'true', 'Pod']);
    expect(rows).toContainEqual(['namespaces', 'ns', 'v1', 'false', 'Namespace']);
    expect(rows).toContainEqual(['jobs', 'batch/v1', 'true', 'Job']);
    const verbs = await kubectl('api-resources --api-group=apps -o wide');
    expect(verbs.stdout).toMatch(
      /^deployments .*create,delete,deletecollection,get,list,patch,update,watch/m,
    );
    const versions = (await kubectl('api-versions')).stdout.split('\n');
    expect(versions).toEqual(expect.arrayContaining(['apps/v1', 'batch/v1', 'v1']));
  });
});

describe('waiting', () => {
  contract('ends when a condition is met, and with 1 when the time is over', NEVER_FAILS, async (api) => {
    const { kubectl, pods } = await start(api);
    await api.surePost(pods, pod('p'));
    const waiting = kubectl('wait pod/p --for=condition=Ready --timeout=20s');
    const ready = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
    await api.patch('strategic', `${pods}/p/status`, ready);
    expect(await waiting).toEqual(done('pod/p condition met'));
    expect(await kubectl('wait pod/p --for=condition=Initialized --timeout=1s')).toMatchObject({
      code: 1,
      stderr: 'error: timed out waiting for the condition on pods/p\n',
    });
  });

  contract('ends when a path has a value, and when the object is gone', SILENT, async (api) => {
    const { kubectl, pods } = await start(api);
    await api.surePost(pods, pod('p'));
    const path = kubectl('wait pod/p --for=jsonpath={.status.phase}=Running --timeout=20s');
    await api.patch('merge', `${pods}/p/status`, { status: { phase: 'Running' } });
    expect(await path).toEqual(done('pod/p condition met'));
    const gone = kubectl('wait pod/p --for=delete --timeout=20s');
    await api.remove(`${pods}/p`, undefined, { gracePeriodSeconds: '0' });
    expect((await gone).code).toBe(0);
  });
});
