import { run, type RunOptions } from '../control-plane/run.ts';

/** A kind cluster with two workers, and the container engine it runs on. */
export interface KindCluster {
  readonly kubeconfigPath: string;
  /** Runs kubectl as administrator. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  docker(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Brings images of the engine onto every node. */
  load(...images: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Something that can start one, or the reason why this machine has none. */
export type KindSource =
  | { readonly start: (say: (line: string) => void) => Promise<KindCluster> }
  | { readonly lacks: string };

/** What both sources have in common. */
export const kubectlWith =
  (kubectl: string, kubeconfigPath: string): KindCluster['kubectl'] =>
  async (args, options) =>
    await run(kubectl, ['--kubeconfig', kubeconfigPath, ...args], options);
