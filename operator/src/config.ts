import * as z from 'zod';
import { isSelector } from './mcp-server/selector.ts';

const Environment = z.object({
  CORTEX_NAMESPACE: z.string().min(1).max(63).default('cortex-system'),
  CORTEX_IDENTITY: z.string().min(1).max(253).optional(),
  CORTEX_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  CORTEX_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  CORTEX_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  CORTEX_HTTP2: z.enum(['true', 'false']).default('true'),
  CORTEX_API_QPS: z.coerce.number().positive().optional(),
  CORTEX_API_BURST: z.coerce.number().int().positive().optional(),
  CORTEX_MCP_SELECTOR: z
    .string()
    .default('app.kubernetes.io/component=mcp-server')
    .refine(isSelector, 'is no label selector: write key=value, key in (a,b), key or !key, joined by commas'),
  CORTEX_ORPHANS: z.enum(['Report', 'Remove']).default('Report'),
  CORTEX_QEMU_FOLDER: z.string().regex(/^\//, 'must be absolute').max(60).default('/var/lib/cortex'),
  CORTEX_QEMU_IMAGES: z.string().regex(/^\//, 'must be absolute').optional(),
  HOSTNAME: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  XDG_STATE_HOME: z.string().optional(),
  HOME: z.string().default('/'),
});

type Environment = z.infer<typeof Environment>;

/** Everything that is set from outside, read once. */
export interface Config {
  /** Where the operator's own Leases live. */
  readonly namespace: string;
  /** Who holds the leader's Lease; the same after a restart, so that a restarted process takes it over at once. Unset outside a pod. */
  readonly identity: string | undefined;
  /** Where a process outside a pod keeps who it is. */
  readonly stateFolder: string;
  readonly http: { readonly host: string; readonly port: number };
  /** Where machines of type Qemu are kept, and below which folder the images they boot from. */
  readonly qemu: { readonly folder: string; readonly images: string };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** One HTTP/2 connection to the API server; false behind a proxy that speaks HTTP/1.1 only. */
  readonly http2: boolean;
  /** Whether machines of this cluster that no BurstWorker claims are removed, or only told of. */
  readonly orphans: 'Report' | 'Remove';
  /** Most calls to the API server a second, and at once; undefined: as many as it answers, which is what it asks of clients by itself. */
  readonly allowance: { readonly qps: number; readonly burst: number } | undefined;
  /** Deployments and StatefulSets that it selects are MCP servers. */
  readonly mcpSelector: string;
}

/** Throws one sentence that names every variable that is wrong. */
export function configFrom(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success)
    throw new Error(
      `The environment is not usable: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    );
  const env = parsed.data;
  return Object.freeze({
    namespace: env.CORTEX_NAMESPACE,
    identity: env.CORTEX_IDENTITY ?? (env.KUBERNETES_SERVICE_HOST === undefined ? undefined : env.HOSTNAME),
    stateFolder: `${env.XDG_STATE_HOME || `${env.HOME}/.local/state`}/cortex-resource-manager`,
    http: { host: env.CORTEX_HTTP_HOST, port: env.CORTEX_HTTP_PORT },
    qemu: { folder: env.CORTEX_QEMU_FOLDER, images: env.CORTEX_QEMU_IMAGES ?? `${env.CORTEX_QEMU_FOLDER}/images` },
    logLevel: env.CORTEX_LOG_LEVEL,
    http2: env.CORTEX_HTTP2 === 'true',
    orphans: env.CORTEX_ORPHANS,
    allowance: allowanceOf(env),
    mcpSelector: env.CORTEX_MCP_SELECTOR,
  });
}

/** A burst that is not said is twice the calls of a second. */
function allowanceOf({ CORTEX_API_QPS: qps, CORTEX_API_BURST: burst }: Environment): Config['allowance'] {
  if (qps === undefined && burst !== undefined) throw new Error(BURST_ALONE);
  return qps === undefined ? undefined : { qps, burst: burst ?? Math.ceil(2 * qps) };
}

const BURST_ALONE = 'The environment is not usable: CORTEX_API_BURST says nothing without CORTEX_API_QPS';
