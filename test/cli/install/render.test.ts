import { expect, it } from 'vitest';
import { renderManifests } from '../../../cli/install/render.ts';

const endpoint = { url: 'https://host:1/local/secret', ca: 'PEM' };
const rendered = { url: 'https://host:1/local/secret/inject', caBundle: 'UEVN' };
const clientConfig = { url: 'https://sidecarset.invalid/inject' };
const metadata = { name: 'x' };

it.each([
  [
    'a webhook configuration',
    { webhooks: [{ name: 'a', clientConfig }] },
    { webhooks: [{ name: 'a', clientConfig: rendered }] },
  ],
  [
    'a CRD conversion',
    { spec: { conversion: { webhook: { clientConfig } } } },
    { spec: { conversion: { webhook: { clientConfig: rendered } } } },
  ],
  [
    'nothing in other objects',
    { spec: { url: 'https://sidecarset.invalid' } },
    { spec: { url: 'https://sidecarset.invalid' } },
  ],
])('points %s at the endpoint', (_, body, expected) => {
  const manifest = { apiVersion: 'v1', kind: 'X', metadata, ...body };
  expect(renderManifests([manifest], endpoint)).toEqual([
    { apiVersion: 'v1', kind: 'X', metadata, ...expected },
  ]);
});

it('sets no caBundle for a publicly signed endpoint', () => {
  const manifest = { apiVersion: 'v1', kind: 'X', metadata, webhooks: [{ clientConfig }] };
  const [result] = renderManifests([manifest], { url: 'https://host' });
  expect(result).toMatchObject({ webhooks: [{ clientConfig: { url: 'https://host/inject' } }] });
  expect(JSON.stringify(result)).not.toContain('caBundle');
});
