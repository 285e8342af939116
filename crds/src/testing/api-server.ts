import { inject } from 'vitest';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import type { KindSource } from '../kind.ts';
import { GROUP, VERSION } from '../names.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The text of an administrator's kubeconfig for the control plane that all edge tests share. */
    kubeconfig: string;
  }
}

export interface Answer {
  readonly status: number;
  /** An object of the API, or a Status that says what is wrong. */
  readonly body: { readonly message?: string; readonly [field: string]: unknown };
}

export interface ApiServer {
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

const pem = (base64: string): string => Buffer.from(base64, 'base64').toString();

/** The control plane that all edge tests share, as administrator. */
export function apiServer(): ApiServer {
  const { clusters, users } = parse(inject('kubeconfig')) as Kubeconfig;
  const { cluster } = clusters[0];
  const { user } = users[0];
  const dispatcher = new Agent({
    connect: {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    },
    connections: 16,
  });
  return {
    call: async (method, path, body) => {
      const { statusCode, body: answer } = await request(`${cluster.server}${path}`, {
        dispatcher,
        method,
        headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      return { status: statusCode, body: (await answer.json()) as Answer['body'] };
    },
    close: () => dispatcher.close(),
  };
}

/** Where the objects of a kind are; namespaced ones in `default`. */
export const pathOf = ({ plural, scope }: KindSource): string =>
  `/apis/${GROUP}/${VERSION}/${scope === 'Namespaced' ? 'namespaces/default/' : ''}${plural}`;

/** A write that is checked in full, and that nothing comes of. */
export const dryRun = '?dryRun=All&fieldValidation=Strict';
