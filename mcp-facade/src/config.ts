import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { LEVELS, type Level } from './log.ts';
import type { OidcSettings } from './oidc.ts';
import { PROFILES, type Profile } from './profiles.ts';

const port = (otherwise: number) => z.coerce.number().int().min(0).max(65_535).default(otherwise);

/** An address that tokens are safe at: of this machine alone, or with TLS. */
const webAddress = () =>
  z
    .url()
    .transform((text) => new URL(text))
    .refine(
      ({ protocol, hostname }) => protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)),
      'must begin with https://',
    );

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
  CORTEX_MCP_NAMES: z.string().max(4096).default(''),
  CORTEX_OIDC_ISSUER: webAddress().optional(),
  CORTEX_OIDC_AUDIENCE: webAddress().optional(),
  CORTEX_LOG_LEVEL: z.enum(LEVELS).default('info'),
});

type Environment = z.output<typeof Environment>;

/** Everything that is set from outside, read once. */
export interface Config {
  /** Where clients come. */
  readonly mcp: {
    readonly host: string;
    readonly port: number;
    /** Host names under which they come. */
    readonly names: readonly string[];
  };
  /** Whose tokens are asked for; undefined: nobody's, and only this machine is let in. */
  readonly oidc: OidcSettings | undefined;
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
  const oidc = oidcIn(env);
  if (oidc === undefined && !isLoopback(env.CORTEX_MCP_HOST))
    throw new Error(
      `CORTEX_MCP_HOST ${env.CORTEX_MCP_HOST} can be reached from outside, and nobody is asked for a token: set CORTEX_OIDC_ISSUER and CORTEX_OIDC_AUDIENCE, or stay on 127.0.0.1`,
    );
  return Object.freeze({
    mcp: { host: env.CORTEX_MCP_HOST, port: env.CORTEX_MCP_PORT, names: namesIn(env, oidc) },
    oidc,
    health: { host: env.CORTEX_HTTP_HOST, port: env.CORTEX_HTTP_PORT },
    namespace: env.CORTEX_NAMESPACE,
    profile: env.CORTEX_PROFILE,
    confirmation: env.CORTEX_CONFIRMATION === 'on',
    logLevel: env.CORTEX_LOG_LEVEL,
  });
}

function oidcIn({ CORTEX_OIDC_ISSUER: issuer, CORTEX_OIDC_AUDIENCE: audience }: Environment): OidcSettings | undefined {
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined || audience === undefined)
    throw new Error(
      'CORTEX_OIDC_ISSUER and CORTEX_OIDC_AUDIENCE go together: who issues tokens, and the address of this facade they are issued for',
    );
  return { issuer, audience };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const namesIn = ({ CORTEX_MCP_NAMES: more }: Environment, oidc: OidcSettings | undefined): string[] => [
  ...LOOPBACK,
  ...(oidc === undefined ? [] : [oidc.audience.hostname]),
  ...more
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

/** The profile that was asked for, on the command line before the environment; else the one that suits the transport. */
export const profileFor = (transport: 'http' | 'stdio', asked: Profile | undefined, { profile }: Config): Profile =>
  asked ?? profile ?? (transport === 'http' ? CAUTIOUS : DESKTOP);

/** Only this machine can reach it. */
export const isLoopback = (host: string): boolean =>
  ['localhost', '::1', '[::1]'].includes(host) || (isIPv4(host) && host.startsWith('127.'));
