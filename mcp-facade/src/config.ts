import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { LEVELS, type Level } from './log.ts';
import { PROFILES, type Profile } from './profiles.ts';

const port = (otherwise: number) => z.coerce.number().int().min(0).max(65_535).default(otherwise);

/** What HTTP clients may do without anybody saying more. */
const CAUTIOUS: Profile = 'readonly';
/** What a person may do who starts it with a kubeconfig of their own. */
const DESKTOP: Profile = 'operator';

const Environment = z.object({
  CORTEX_MCP_HOST: z.string().min(1).default('127.0.0.1'),
  CORTEX_MCP_PORT: port(3000),
  CORTEX_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  CORTEX_HTTP_PORT: port(8081),
  CORTEX_NAMESPACE: z.string().min(1).max(63).optional(),
  CORTEX_PROFILE: z.enum(PROFILES).optional(),
  CORTEX_CONFIRMATION: z.enum(['on', 'off']).default('on'),
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
  readonly profile: Profile | undefined;
  /** Whether what destroys is confirmed first. */
  readonly confirmation: boolean;
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
    profile: env.CORTEX_PROFILE,
    confirmation: env.CORTEX_CONFIRMATION === 'on',
    logLevel: env.CORTEX_LOG_LEVEL,
  });
}

/** The profile that was asked for, on the command line before the environment; else the one that suits the transport. */
export const profileFor = (transport: 'http' | 'stdio', asked: Profile | undefined, { profile }: Config): Profile =>
  asked ?? profile ?? (transport === 'http' ? CAUTIOUS : DESKTOP);

/** Only this machine can reach it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
