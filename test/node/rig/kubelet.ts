import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import { NODE_NAME } from '../../../infra/local/cluster/node/registration.ts';
import { kubeconfig } from '../../../infra/local/kubeconfig.ts';
import { type Program, startProgram } from '../../cluster/controlPlane/processes.ts';
import { CGROUP_ROOT } from './cgroups.ts';
import { socketIn } from './containerd.ts';
import type { Namespaces } from './namespaces.ts';
import { NODE_IP } from './network.ts';

export interface KubeletOptions {
  /** Path of the program. */
  program: string;
  /** Exists. */
  directory: string;
  cluster: Pick<RunningCluster, 'url' | 'authority'>;
  namespaces: Namespaces;
}

interface Files {
  ca: string;
  cert: string;
  key: string;
  resolver: string;
  logs: string;
  plugins: string;
  socket: string;
}

const configuration = (files: Files) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: NODE_IP,
  healthzPort: 0,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: files.ca },
  },
  authorization: { mode: 'AlwaysAllow' },
  tlsCertFile: files.cert,
  tlsPrivateKeyFile: files.key,
  containerRuntimeEndpoint: `unix://${files.socket}`,
  // Never asked: it spares every Pod a warning.
  clusterDNS: ['127.0.0.1'],
  cgroupDriver: 'cgroupfs',
  cgroupRoot: CGROUP_ROOT,
  enforceNodeAllocatable: [],
  failSwapOn: false,
  oomScoreAdj: 0,
  resolvConf: files.resolver,
  podLogsDir: files.logs,
  volumePluginDir: files.plugins,
  // What is free on the machine's disk and in its memory is not this node's to judge.
  evictionHard: { 'memory.available': '1Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  maxPods: 200,
  registerNode: true,
});

/** Starts it within the node's namespaces, with a node's identity. It ends with them. */
export const startKubelet = async (options: KubeletOptions): Promise<Program> => {
  const { program, cluster, namespaces } = options;
  const directory = join(options.directory, 'kubelet');
  const at = (name: string): string => join(directory, name);
  for (const name of ['root', 'certificates', 'plugins', 'logs'])
    await mkdir(at(name), { recursive: true, mode: 0o700 });
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(at(name), content, { mode: 0o600 });
    return at(name);
  };
  const { authority, url } = cluster;
  const serving = await authority.issue(NODE_NAME, [NODE_IP, NODE_NAME]);
  const credentials = await authority.issueClient(`system:node:${NODE_NAME}`, ['system:nodes']);
  const config = configuration({
    ca: await write('ca.crt', authority.ca),
    cert: await write('serving.crt', serving.cert),
    key: await write('serving.key', serving.key),
    // An empty one would make containerd use the machine's.
    resolver: await write('resolv.conf', 'nameserver 127.0.0.1\n'),
    logs: at('logs'),
    plugins: at('plugins'),
    socket: socketIn(options.directory),
  });
  const access = kubeconfig({ url, ca: authority.ca, name: NODE_NAME, credentials });
  const flags = {
    config: await write('config.json', JSON.stringify(config)),
    kubeconfig: await write('kubeconfig', access),
    'hostname-override': NODE_NAME,
    'node-ip': NODE_IP,
    'root-dir': at('root'),
    'cert-dir': at('certificates'),
    v: '2',
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return startProgram('nsenter', namespaces.inside(program, ...args), join(directory, 'kubelet.log'));
};
