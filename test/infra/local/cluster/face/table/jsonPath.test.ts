import { describe, expect, it } from 'vitest';
import { compilePath } from '../../../../../../infra/local/cluster/face/table/jsonPath.ts';

const object = {
  metadata: { creationTimestamp: '2026-01-01T00:00:00Z', labels: { 'app.kubernetes.io/name': 'web' } },
  spec: { replicas: 0, ports: [{ port: 80 }, { port: 443 }] },
  status: {
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'Done', status: 'True' },
    ],
  },
};

describe('compilePath', () => {
  it.each([
    ['.metadata.creationTimestamp', '2026-01-01T00:00:00Z'],
    ['.spec.replicas', 0],
    ['.metadata.labels.app\\.kubernetes\\.io/name', 'web'],
    [".metadata.labels['app.kubernetes.io/name']", 'web'],
    ['.spec.ports[1].port', 443],
    ['.spec.ports[-1].port', 443],
    ['.status.conditions[?(@.type=="Done")].status', 'True'],
    [".status.conditions[?(@.type == 'Ready')].status", 'False'],
    ['.spec.missing.deeper', undefined],
    ['.spec.ports.port', undefined],
    ['.status.conditions[?(@.type=="Never")].status', undefined],
  ])('reads %s', (path, value) => {
    expect(compilePath(path)?.(object)).toEqual(value);
  });

  it.each([
    '..name',
    '.spec.*',
    '.spec.ports[*].port',
    '.spec.ports[0:1]',
    '.a[?(@.b>1)]',
    'spec',
  ])('does not claim to read %s', (path) => {
    expect(compilePath(path)).toBeUndefined();
  });
});
