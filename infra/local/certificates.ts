/** A certificate authority that lives as long as the local machine: nothing is kept, nothing is trusted system-wide. */
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
// The X.509 library needs its polyfill before it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export interface Authority {
  /** The authority's own certificate, PEM. */
  ca: string;
  /** A server certificate for these IP addresses and DNS names; key (PKCS #8) and certificate as PEM. */
  issue(commonName: string, addresses: string[]): Promise<Issued>;
  /** A client certificate: the user name is its common name, each group an organization (Kubernetes' X.509 rule). */
  issueClient(username: string, groups: string[]): Promise<Issued>;
}

export interface Issued {
  /** PKCS #8 PEM. */
  key: string;
  /** PEM. */
  cert: string;
}

const DAY = 24 * 60 * 60 * 1000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const privateKeyPem = async (keys: webcrypto.CryptoKeyPair): Promise<string> => {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
};

/** Valid from an hour ago, so that a client's slower clock does not refuse a new certificate. */
const validity = () => ({
  notBefore: new Date(Date.now() - DAY / 24),
  notAfter: new Date(Date.now() + 365 * DAY),
  /** Positive and short, as RFC 5280 4.1.2.2 asks. */
  serialNumber: `01${randomBytes(15).toString('hex')}`,
});

/** An EC P-256 authority, new on every call. */
export const createAuthority = async (): Promise<Authority> => {
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: 'CN=sidecarset-local',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  const sign = async (subject: x509.JsonName, extensions: x509.Extension[]): Promise<Issued> => {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(),
      subject,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...extensions,
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { key: await privateKeyPem(own), cert: `${certificate.toString('pem')}\n` };
  };

  return {
    ca: `${root.toString('pem')}\n`,
    issue: (commonName, addresses) =>
      sign(
        [{ CN: [commonName] }],
        [
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            addresses.map((value) => ({
              type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
              value,
            })),
          ),
        ],
      ),
    issueClient: (username, groups) =>
      sign(
        [...groups.map((group) => ({ O: [group] })), { CN: [username] }],
        [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
      ),
  };
};
