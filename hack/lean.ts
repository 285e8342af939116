import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const MODULES = join(process.cwd(), 'node_modules');

/**
 * Inside @dot-i/k8s-operator only its lifecycle is used, so its Kubernetes clients and its HTTP library are left out:
 * 3 MB less to start, and a proof that its own I/O is unreachable.
 */
const shellOnly: Plugin = {
  name: 'shell-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^(@kubernetes\/client-node|gaxios)$/ }, ({ path, importer }) =>
      importer.includes('@dot-i') ? { path, namespace: 'shell-only' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'shell-only' }, ({ path }) => ({
      contents: path === 'gaxios' ? 'export const instance = {};' : CLIENT,
      resolveDir: process.cwd(),
    }));
  },
};

const CLIENT = `
export { KubeConfig } from '@kubernetes/client-node';
export class CoreV1Api {}
export class ApiextensionsV1Api {}
export class Watch {}
export const loadYaml = () => { throw new Error('the shell reads no YAML'); };
`;

/**
 * What the reader of kubeconfigs would make calls with, which it is never asked to. The shell of the operator makes a client
 * with it, and calls nothing.
 */
const NEVER_CALLED: Readonly<Record<string, string>> = {
  './gen/index.js': 'export class ServerConfiguration {} export const createConfiguration = () => ({});',
  './middleware.js': 'export const setHeaderMiddleware = () => undefined;',
  undici: leftOut('Agent', 'ProxyAgent'),
  'socks-proxy-agent': leftOut('SocksProxyAgent'),
  socks: leftOut('SocksClient'),
  hpagent: leftOut('HttpProxyAgent', 'HttpsProxyAgent'),
};

/** Exports that say so when they are called. */
function leftOut(...names: readonly string[]): string {
  return names
    .map((name) => `export function ${name}() { throw new Error('${name} is not part of this program'); }`)
    .join('\n');
}

/**
 * Of the Kubernetes client what reads a kubeconfig: without its models, one for every kind there is, and without its ways
 * to make calls and to go through proxies, which take 20 MB of memory. A login by OpenID Connect is read in when one is met.
 */
const kubeconfigOnly: Plugin = {
  name: 'kubeconfig-only',
  setup(bundler) {
    const folder = join(MODULES, '@kubernetes/client-node/dist');
    const config = join(folder, 'config.js');
    bundler.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: config }));
    bundler.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (importer !== config) return undefined;
      if (path in NEVER_CALLED) return { path, namespace: 'never-called' };
      return path === './oidc_auth.js' ? { path, namespace: 'when-met' } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: 'never-called' }, ({ path }) => ({ contents: NEVER_CALLED[path] ?? '' }));
    bundler.onLoad({ filter: /.*/, namespace: 'when-met' }, () => ({ contents: LOGIN, resolveDir: folder }));
  },
};

const LOGIN = `
let real;
export class OpenIDConnectAuth {
  isAuthProvider(user) { return user.authProvider?.name === 'oidc'; }
  async applyAuthentication(user, options) {
    real ??= import('./oidc_auth.js').then(({ OpenIDConnectAuth }) => new OpenIDConnectAuth());
    await (await real).applyAuthentication(user, options);
  }
}
`;

/** Of undici what opens connections: its fetch, its caches and its mocks are as much again. */
const connectionsOnly: Plugin = {
  name: 'connections-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'connections-only' }));
    bundler.onLoad({ filter: /.*/, namespace: 'connections-only' }, () => ({
      contents: CONNECTIONS,
      resolveDir: join(MODULES, 'undici'),
    }));
  },
};

const CONNECTIONS = `
import Dispatcher from './lib/dispatcher/dispatcher.js';
import api from './lib/api/index.js';
Object.assign(Dispatcher.prototype, api);
export { default as Agent } from './lib/dispatcher/agent.js';
export { default as buildConnector } from './lib/core/connect.js';
`;

/** Without the validator of JSON Schema that the MCP SDK brings along: the facade gives it another (server.ts). */
const validatorGiven: Plugin = {
  name: 'validator-given',
  setup(bundler) {
    bundler.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ path }) => ({
      path,
      namespace: 'validator-given',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'validator-given' }, () => ({ contents: VALIDATOR }));
  },
};

const VALIDATOR = `
export { default as process } from 'node:process';
export class DefaultJsonSchemaValidator {
  constructor() { throw new Error('no validator of JSON Schema was given'); }
}
`;

export const LEAN: readonly Plugin[] = [shellOnly, kubeconfigOnly, connectionsOnly, validatorGiven];
