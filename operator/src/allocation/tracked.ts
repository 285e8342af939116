import type { ObjectMeta } from '@cortex/crds';

/** Marks by which ArgoCD and Flux know the objects they keep. */
const TRACKING = [
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/instance',
  'app.kubernetes.io/instance',
  'kustomize.toolkit.fluxcd.io/name',
  'helm.toolkit.fluxcd.io/name',
];

/** Whether an owner in Git keeps this object: deleting it would only make it come back (contract T10). */
export const isTracked = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
  TRACKING.some((key) => metadata.labels?.[key] !== undefined || metadata.annotations?.[key] !== undefined);

/** Whether a label of this key says so. */
export const isTracking = (key: string): boolean => TRACKING.includes(key);
