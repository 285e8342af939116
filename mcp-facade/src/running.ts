import type { Tracing } from '@cortex/operator/telemetry/tracing';
import type { OpenCluster } from './cluster-port.ts';
import { openCluster } from './cluster/cluster.ts';
import type { CommandLine } from './command-line.ts';
import type { Config } from './config.ts';
import type { Limits } from './limits.ts';
import type { Logger } from './log.ts';
import { grantsOf, type Profile } from './profiles.ts';
import { TOOLS } from './tools/all.ts';
import { type Answered, Toolbox } from './toolbox.ts';

/** Everybody who reaches this process without a token is one principal. */
export const LOCAL = 'local';

/** One process: what it was told, and what it tells. */
export interface Running {
  readonly line: CommandLine;
  readonly config: Config;
  readonly log: Logger;
  /** Undefined where nobody asked for traces. */
  readonly tracing?: Tracing | undefined;
}

/** Receives what is created: said on the command line before the environment, else that of the kubeconfig's context. */
export const namespaceOf = ({ line, config }: Running, cluster: OpenCluster): string =>
  line.namespace ?? config.namespace ?? cluster.namespace;

export const clusterFor = async ({ line, log }: Running): Promise<OpenCluster> =>
  await openCluster(line.context, {
    trouble: (kind, error) => log.error(`${kind} cannot be watched; it is tried again`, { kind, error }),
    recovered: (kind, ms) => log.info('the watch is open again', { kind, ms: Math.round(ms) }),
  });

export const toolboxOver = (
  cluster: OpenCluster,
  profile: Profile,
  limits: Limits,
  running: Running,
  hear: (call: Answered) => void = () => undefined,
): Toolbox =>
  new Toolbox({
    tools: TOOLS,
    cluster,
    limits,
    namespace: namespaceOf(running, cluster),
    granted: grantsOf(profile),
    confirmation: running.config.confirmation,
    tracing: running.tracing,
    answered: (call) => {
      hear(call);
      logCall(running.log, call);
    },
  });

/** Ends once, whoever asks for it first. */
export function onEnd(close: () => Promise<void>): () => void {
  let ending: Promise<void> | undefined;
  const end = (): void => void (ending ??= close());
  process.once('SIGTERM', end).once('SIGINT', end);
  return end;
}

function logCall(log: Logger, { failure, ...keys }: Answered): void {
  if (failure === undefined) return log.info('call', keys);
  const told = { ...keys, code: failure.code, failure: failure.message };
  if (failure.code === 'unavailable') log.error('call failed', { ...told, error: failure.details.cause });
  else log.info('call refused', told);
}
