import { createServer } from 'node:net';
import { join } from 'node:path';
import { type ControlPlane, installCrds } from '../control-plane/control-plane.ts';
import { Daemon } from './daemon.ts';
import { serviceAccountKubeconfig } from './identity.ts';

const FILES = join(import.meta.dirname, '../../../charts/cortex-resource-manager/files');

/** CRDs, namespace, ServiceAccounts and roles: what an installation puts into a cluster besides its processes. */
export async function install(plane: ControlPlane): Promise<void> {
  await installCrds(plane);
  await installRights(plane);
}

/** Who the processes are, and what they may do. */
export async function installRights(plane: ControlPlane): Promise<void> {
  await plane.kubectl(['apply', '--server-side', '--force-conflicts', '--kustomize', FILES]);
}

export interface OperatorAddress {
  readonly operator: Daemon;
  /** Health, readiness and metrics. */
  readonly url: string;
}

/** Where a process keeps its files, and whether it outlives this one. */
export interface Keeping {
  readonly folder: string;
  readonly logs?: string;
  readonly detached?: boolean;
}

/** The operator as a process under its own ServiceAccount, ready to work. */
export async function startOperator(
  plane: ControlPlane,
  keeping: Keeping,
  options: { readonly env?: Readonly<Record<string, string>>; readonly kubeconfig?: string } = {},
): Promise<OperatorAddress> {
  const port = await freePort();
  const operator = new Daemon({
    name: 'operator',
    ...keeping,
    kubeconfig: options.kubeconfig ?? (await serviceAccountKubeconfig(plane, 'cortex-operator')),
    env: { CORTEX_HTTP_PORT: String(port), CORTEX_IDENTITY: 'cortex-operator-0', ...options.env },
  });
  const url = `http://127.0.0.1:${port}`;
  await operator.answers(`${url}/readyz`);
  return { operator, url };
}

export interface FacadeOptions extends Keeping {
  /** Where clients come; default: a free port. */
  readonly port?: number;
  /** The ServiceAccount it runs under. */
  readonly account?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface FacadeAddress {
  readonly facade: Daemon;
  /** Where MCP is served. */
  readonly url: string;
  /** Health, readiness and metrics. */
  readonly health: string;
}

/** The facade as a process under its own ServiceAccount. */
export async function startFacade(
  plane: ControlPlane,
  { port, account = 'cortex-facade', env, ...keeping }: FacadeOptions,
): Promise<FacadeAddress> {
  const [bound, probes] = [port ?? (await freePort()), await freePort()];
  const facade = new Daemon({
    name: 'mcp-facade',
    ...keeping,
    kubeconfig: await serviceAccountKubeconfig(plane, account),
    env: {
      CORTEX_MCP_PORT: String(bound),
      CORTEX_HTTP_PORT: String(probes),
      CORTEX_NAMESPACE: 'default',
      CORTEX_PROFILE: 'admin',
      ...env,
    },
  });
  const health = `http://127.0.0.1:${probes}`;
  await facade.answers(`${health}/readyz`);
  return { facade, url: `http://127.0.0.1:${bound}/mcp`, health };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
