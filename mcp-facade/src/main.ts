import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { AbsentCluster } from './absent-cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { type OpenCluster, openCluster } from './cluster.ts';
import { type CommandLine, commandLineOf, HELP } from './command-line.ts';
import { type Config, configFrom } from './config.ts';
import { serveHealth } from './http/health.ts';
import { serveMcp } from './http/serve.ts';
import { createLogger, type Logger } from './log.ts';
import { factoryOver, VERSION } from './server.ts';
import { TOOLS } from './tools/all.ts';
import { type Answered, Toolbox } from './toolbox.ts';

/** Everybody who reaches this process without a token is one principal. */
const LOCAL = 'local';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

async function main(line: CommandLine, config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  switch (line.command) {
    case 'help':
      return void process.stdout.write(HELP);
    case 'version':
      return void process.stdout.write(`${VERSION}\n`);
    case 'stdio':
      return await stdio(line, config, log);
    case 'http':
      return await http(line, config, log);
  }
}

async function http(line: CommandLine, config: Config, log: Logger): Promise<void> {
  const cluster = await clusterFor(line, log);
  const toolbox = toolboxOver(cluster, line, config, log);
  const mcp = await serveMcp({
    ...config.mcp,
    names: LOOPBACK,
    toolbox,
    factory: factoryOver(toolbox, () => LOCAL),
    principalOf: () => LOCAL,
    onError: (error) => log.debug('a request was refused', { error }),
  });
  let waitsFor = 'waiting for the copies of all kinds';
  void cluster.ready.then(() => (waitsFor = ''));
  const health = await serveHealth({ ...config.health, unready: () => waitsFor });
  log.info('serving', { url: mcp.url, health: health.url });
  onEnd(async () => {
    // Connections first, so that nothing is asked of a cluster that is closed.
    await Promise.all([mcp.close(), health.close()]);
    await cluster.close();
  });
}

/** Serves even without a cluster: a desktop client then shows the tools, and what is missing. */
async function stdio(line: CommandLine, config: Config, log: Logger): Promise<void> {
  const cluster = await clusterFor(line, log).catch((error: unknown) => {
    if (!(error instanceof ClusterError)) throw error;
    log.warn('there is no cluster: every call will say so', { error });
    return new AbsentCluster(error);
  });
  const toolbox = toolboxOver(cluster, line, config, log);
  const served = serveStdio(
    factoryOver(toolbox, () => LOCAL),
    { onerror: (error) => log.debug('a message was refused', { error }) },
  );
  const end = onEnd(async () => {
    await served.close();
    await cluster.close();
  });
  process.stdin.once('end', end).once('close', end);
}

const clusterFor = async ({ context }: CommandLine, log: Logger): Promise<OpenCluster> =>
  await openCluster(context, {
    trouble: (kind, error) => log.error(`${kind} cannot be watched; it is tried again`, { kind, error }),
    recovered: (kind, ms) => log.info('the watch is open again', { kind, ms: Math.round(ms) }),
  });

const toolboxOver = (cluster: OpenCluster, line: CommandLine, config: Config, log: Logger): Toolbox =>
  new Toolbox({
    tools: TOOLS,
    cluster,
    namespace: line.namespace ?? config.namespace ?? cluster.namespace,
    answered: (call) => logCall(log, call),
  });

/** Ends once, whoever asks for it first. */
function onEnd(close: () => Promise<void>): () => void {
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

try {
  await main(commandLineOf(process.argv.slice(2)), configFrom(process.env));
} catch (error) {
  createLogger('info').error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
