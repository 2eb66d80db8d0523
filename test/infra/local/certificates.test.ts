import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../infra/local/certificates.ts';

describe('createAuthority', async () => {
  const authority = await createAuthority();
  const issued = await authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const certificate = new X509Certificate(issued.cert);

  it('is an authority that signs nothing but server certificates', () => {
    expect(new X509Certificate(authority.ca).ca).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('issues certificates that its own verifies and another one does not', async () => {
    const other = await createAuthority();
    expect(certificate.verify(new X509Certificate(authority.ca).publicKey)).toBe(true);
    expect(certificate.verify(new X509Certificate(other.ca).publicKey)).toBe(false);
  });

  it('names addresses as what they are', () => {
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.checkHost('example.com')).toBeUndefined();
  });

  it('is valid now', () => {
    expect(certificate.validFromDate.getTime()).toBeLessThan(Date.now());
    expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now());
  });
});
