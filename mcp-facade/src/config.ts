import * as z from 'zod';
import { LEVELS, type Level } from './log.ts';

const port = (otherwise: number) => z.coerce.number().int().min(0).max(65_535).default(otherwise);

const Environment = z.object({
  CORTEX_MCP_HOST: z.string().min(1).default('127.0.0.1'),
  CORTEX_MCP_PORT: port(3000),
  CORTEX_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  CORTEX_HTTP_PORT: port(8081),
  CORTEX_NAMESPACE: z.string().min(1).max(63).optional(),
  CORTEX_LOG_LEVEL: z.enum(LEVELS).default('info'),
});

/** Everything that is set from outside, read once. */
export interface Config {
  /** Where clients come. */
  readonly mcp: { readonly host: string; readonly port: number };
  /** Where probes come. */
  readonly health: { readonly host: string; readonly port: number };
  /** Receives what is created. Unset: the namespace of the kubeconfig's context. */
  readonly namespace: string | undefined;
  readonly logLevel: Level;
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
    mcp: { host: env.CORTEX_MCP_HOST, port: env.CORTEX_MCP_PORT },
    health: { host: env.CORTEX_HTTP_HOST, port: env.CORTEX_HTTP_PORT },
    namespace: env.CORTEX_NAMESPACE,
    logLevel: env.CORTEX_LOG_LEVEL,
  });
}
