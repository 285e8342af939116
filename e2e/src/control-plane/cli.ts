import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { down, keptCluster, keptFolder, keptNames, up } from './kept.ts';

const USAGE = `usage: npm run cluster <verb> [-- --name <name>]

  up      start a Kubernetes control plane on this machine (nothing happens if it runs)
  status  say which clusters run; exit code 1 if the named one does not
  down    stop it and remove its files`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (let each = error; each instanceof Error; each = each.cause) console.error(each.message);
  return 1;
});

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { name: { type: 'string' } } });
  const [verb, ...rest] = positionals;
  const name = values.name ?? 'local';
  if (rest.length > 0 || !/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return usage();
  if (verb === 'up') return printUp(name);
  if (verb === 'down') return printDown(name);
  return verb === 'status' ? printStatus(name) : usage();
}

async function printUp(name: string): Promise<number> {
  const started = performance.now();
  const { server, kubeconfigPath } = await up(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`cluster ${name} is up at ${server} (${seconds} s)

  export KUBECONFIG=${kubeconfigPath}
  ${join(relative('', keptFolder(name)), 'kubectl')} get namespaces

stop it with: npm run cluster down${flag(name)}`);
  return 0;
}

async function printDown(name: string): Promise<number> {
  console.log((await down(name)) ? `cluster ${name} is gone` : `there is no cluster ${name}`);
  return 0;
}

function printStatus(name: string): number {
  for (const each of new Set([name, ...keptNames()])) console.log(describe(each));
  return keptCluster(name) ? 0 : 1;
}

function describe(name: string): string {
  const cluster = keptCluster(name);
  if (cluster) return `cluster ${name} is running at ${cluster.server}, KUBECONFIG=${cluster.kubeconfigPath}`;
  return `cluster ${name} is stopped; start it with: npm run cluster up${flag(name)}`;
}

function flag(name: string): string {
  return name === 'local' ? '' : ` -- --name ${name}`;
}

function usage(): number {
  console.error(USAGE);
  return 2;
}
