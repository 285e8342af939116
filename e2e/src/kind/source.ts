import { run } from '../control-plane/run.ts';
import type { KindSource } from './kind-cluster.ts';
import { offlineTool, startOffline } from './offline.ts';
import { startPlain } from './plain.ts';

/** Plain kind where a container engine answers; else the tool that makes one without a registry, where it lies beside the project. */
export async function kindSource(): Promise<KindSource> {
  const tool = offlineTool();
  if (tool !== undefined) return { start: (say) => startOffline(tool, say) };
  const missing = [
    ...((await answers('docker', 'info')) ? [] : ['a container engine (docker info must answer)']),
    ...((await answers('kind', 'version')) ? [] : ['kind on PATH (go install sigs.k8s.io/kind@v0.33.0)']),
    ...((await answers('kubectl', 'version', '--client')) ? [] : ['kubectl on PATH']),
  ];
  return missing.length === 0 ? { start: startPlain } : { lacks: missing.join(', ') };
}

const answers = async (program: string, ...args: string[]): Promise<boolean> =>
  await run(program, args).then(
    () => true,
    () => false,
  );
