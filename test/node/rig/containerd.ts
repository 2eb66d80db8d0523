import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAUSE_IMAGE } from './images.ts';
import { POD_NETWORK } from './network.ts';
import { CNI_DIRECTORY } from './requirements.ts';

const NOWHERE =
  'server = "http://127.0.0.1:1"\n[host."http://127.0.0.1:1"]\n  capabilities = ["pull", "resolve"]\n';

const network = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'pods',
      isGateway: true,
      ipMasq: false,
      ipam: { type: 'host-local', subnet: POD_NETWORK },
    },
  ],
};

const configuration = (at: (name: string) => string): string => `version = 2
root = "${at('containerd')}"
state = "/run/containerd"
[grpc]
  address = "${socketIn(at('.'))}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  disable_apparmor = true
  # Lower scores need a capability that a virtual machine's root may not have.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_DIRECTORY}"
    conf_dir = "${at('network')}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${at('registries')}"
`;

export const socketIn = (directory: string): string => join(directory, 'containerd.sock');

/** Nothing leaves the machine: whatever registry an image names is a closed port of it. */
export const writeContainerdFiles = async (directory: string): Promise<void> => {
  const at = (name: string): string => join(directory, name);
  for (const name of ['containerd', 'network', 'registries/_default'])
    await mkdir(at(name), { recursive: true });
  await writeFile(at('network/pods.conflist'), JSON.stringify(network));
  await writeFile(at('registries/_default/hosts.toml'), NOWHERE);
  await writeFile(at('containerd.toml'), configuration(at));
};
