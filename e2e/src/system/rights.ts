import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { AuditEntry } from '../control-plane/control-plane.ts';
import { APP_CHART } from '../helm/chart.ts';
import { auditName } from './identity.ts';

interface Role {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

/** One verb on one resource, as in `patch apps/deployments/scale`; rights in one namespace say in which. */
export type Right = string;

/** Every right that roles whose names begin like this grant, one by one. */
export function grantedTo(account: string): Right[] {
  const folder = join(APP_CHART, 'files');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')));
  const roles = documents
    .map((each) => each.toJS() as Role)
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  return roles.filter(({ metadata }) => metadata.name.startsWith(account)).flatMap(rightsOf);
}

const rightsOf = ({ metadata, rules }: Role): Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => right(verb, group, resource, metadata.namespace))),
    ),
  );

/** Every right that an account has made use of. */
export const usedBy = (account: string, log: readonly AuditEntry[]): Set<Right> =>
  new Set(
    log
      .filter(({ user, code }) => user === auditName(account) && code !== 403)
      .flatMap(({ verb, group, resource, subresource, namespace }) => {
        const what = subresource === '' ? resource : `${resource}/${subresource}`;
        return [right(verb, group, what, undefined), right(verb, group, what, namespace)];
      }),
  );

/** What an account was refused. */
export const refusedTo = (account: string, log: readonly AuditEntry[]): string[] =>
  log
    .filter(({ user, code }) => user === auditName(account) && code === 403)
    .map(({ verb, group, resource, subresource, namespace, name }) =>
      [right(verb, group, subresource === '' ? resource : `${resource}/${subresource}`, namespace), name].join(' '),
    );

const right = (verb: string, group: string, resource: string, namespace: string | undefined): Right =>
  [verb, group === '' ? resource : `${group}/${resource}`, ...(namespace ? [`in ${namespace}`] : [])].join(' ');
