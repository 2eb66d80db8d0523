import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { kubeconfig } from '../../../infra/local/kubeconfig.ts';

describe('kubeconfig', () => {
  it('is read by a Kubernetes client as one context with server, authority, token and namespace', () => {
    const config = new KubeConfig();
    config.loadFromString(
      kubeconfig({
        url: 'https://127.0.0.1:6443',
        ca: 'the PEM',
        credentials: { token: 'secret' },
        name: 'local',
      }),
    );
    expect(config.getCurrentCluster()).toMatchObject({
      server: 'https://127.0.0.1:6443',
      caData: Buffer.from('the PEM').toString('base64'),
    });
    expect(config.getCurrentUser()?.token).toBe('secret');
    expect(config.getContextObject('local')?.namespace).toBe('default');
  });
});
