import type { TestProject } from 'vitest/node';
import { startControlPlane } from './control-plane.ts';
import { crdManifests, installCrds } from './install.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The text of an administrator's kubeconfig for the control plane that all edge tests share. */
    kubeconfig: string;
  }
}

/** One control plane for all edge tests of a run, with the CRDs of this project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = performance.now();
  const plane = await startControlPlane({ name: 'edge' });
  if (crdManifests().length > 0) await installCrds(plane);
  console.log(`control plane at ${plane.server}, ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  project.provide('kubeconfig', plane.kubeconfig);
  return () => plane.stop();
}
