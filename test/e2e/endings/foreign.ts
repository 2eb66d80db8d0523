/** What others do to ephemeral containers: a policy that lets none in, and a webhook that gives them another user. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createAuthority } from '../../../infra/local/certificates.ts';
import type { AdmissionReview } from '../../../shared/model/admission.ts';
import { LABEL } from '../system/manifests.ts';

export interface Foreign {
  /** Manifests of both. */
  manifests: object[];
  stop(): Promise<void>;
}

const UPDATED = {
  operations: ['UPDATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods/ephemeralcontainers'],
};
const POLICY = { name: 'no-ephemeral.example.org' };
const OTHER_USER = 4711;

const policyFor = (label: string): object[] => [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: POLICY,
    spec: {
      matchConstraints: {
        resourceRules: [UPDATED],
        objectSelector: { matchLabels: { [LABEL]: label } },
      },
      validations: [{ expression: 'false', message: 'no ephemeral containers here', reason: 'Forbidden' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: POLICY,
    spec: { policyName: POLICY.name, validationActions: ['Deny'] },
  },
];

const webhookFor = (label: string, url: string, ca: string): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'other-user.example.org' },
  webhooks: [
    {
      name: 'other-user.example.org',
      clientConfig: { url, caBundle: Buffer.from(ca).toString('base64') },
      rules: [UPDATED],
      objectSelector: { matchLabels: { [LABEL]: label } },
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
    },
  ],
});

const answer = ({ apiVersion, kind, request }: AdmissionReview): object => {
  const patch = [
    { op: 'add', path: '/spec/ephemeralContainers/0/securityContext/runAsUser', value: OTHER_USER },
  ];
  return {
    apiVersion,
    kind,
    response: {
      uid: request?.uid,
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    },
  };
};

/** @param labels of the Pods that each of the two concerns */
export const startForeignRules = async (labels: { refused: string; otherUser: string }): Promise<Foreign> => {
  const authority = await createAuthority();
  const server = createServer(
    await authority.issue('localhost', ['127.0.0.1']),
    async (request, response) => {
      const review = (await json(request)) as AdmissionReview;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(review)));
    },
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    manifests: [
      ...policyFor(labels.refused),
      webhookFor(labels.otherUser, `https://127.0.0.1:${port}/`, authority.ca),
    ],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
