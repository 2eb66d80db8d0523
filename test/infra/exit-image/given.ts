/** SidecarSets and other objects, in short. */
import { planExitImage } from '../../../infra/exit-image/plan.ts';
import type { Container } from '../../../shared/model/kubernetes.ts';

export const ENV = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE';
export const IMAGE = 'registry.example.com/exit:1';
export const SIDECAR: Container = { name: 'agent', env: [{ name: ENV, value: IMAGE }] };

export const sidecar = (change: Partial<Container>): Container => ({
  ...SIDECAR,
  ...change,
  env: [...(SIDECAR.env ?? []), ...(change.env ?? [])],
});

export const sidecarSet = (...containers: unknown[]) => ({ kind: 'SidecarSet', spec: { containers } });

/** Faults call the objects f0, f1 and so on. */
export const plan = (...objects: unknown[]) =>
  planExitImage(objects.map((object, index) => ({ object, place: `f${index}` })));
