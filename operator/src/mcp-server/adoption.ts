import { ANNOTATION, API_VERSION, LABEL, type McpServer, McpServerSpec, type ObjectMeta } from '@cortex/crds';
import { shortHash } from '../hash.ts';
import type { Workload } from '../kube/apps.ts';
import type { Draft } from '../kube/object.ts';
import { isTracking } from '../allocation/tracked.ts';

type Labels = Readonly<Record<string, string>>;

export const isAdopted = ({ metadata }: McpServer): boolean => metadata.labels?.[LABEL.adopted] === 'true';

/** A person edited its spec: from then on it is theirs. We never change the spec of what we made. */
export const isTakenOver = ({ metadata }: McpServer): boolean => (metadata.generation ?? 1) > 1;

/** It was made for exactly this workload, not for an earlier one of that name. */
export const isMadeFor = ({ metadata }: McpServer, workload: Workload): boolean =>
  metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid) ?? false;

/**
 * The labels of the workload that its McpServer bears too, so that label selectors find both. Not those by which tools in
 * Git know what they keep: a copy would claim that Git keeps the McpServer.
 */
const copiedLabels = ({ metadata }: Workload): Labels =>
  Object.fromEntries(Object.entries(metadata.labels ?? {}).filter(([key]) => !isTracking(key)));

/** Which labels were copied last, in a few characters: a mismatch is the only reason to look closer. */
const labelsMark = (labels: Labels): string =>
  shortHash(JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))));

export const isInStep = ({ metadata }: McpServer, workload: Workload): boolean =>
  metadata.annotations?.[ANNOTATION.copiedLabels] === labelsMark(copiedLabels(workload));

/** As long as the name of an McpServer may be: an Allocation, a wish and labels name it. */
const LONGEST_NAME = 63;

/** Why the workload cannot be adopted, with what to do; undefined where it can. */
export function unadoptable({ kind, metadata: { name } }: Workload): string | undefined {
  if (name.length <= LONGEST_NAME) return undefined;
  return `${kind} ${name} is labelled as an MCP server, but its name has ${name.length} characters and that of an McpServer at most ${LONGEST_NAME}: give it a shorter name, or create an McpServer with a shorter one and spec.workloadRef {kind: ${kind}, name: ${name}}`;
}

/** The McpServer of a workload that nobody wrote one for. */
export function adopting(workload: Workload): Draft<McpServer> {
  const { apiVersion, kind, metadata } = workload;
  const labels = copiedLabels(workload);
  return {
    apiVersion: API_VERSION,
    kind: 'McpServer',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      labels: { ...labels, [LABEL.adopted]: 'true' },
      annotations: { [ANNOTATION.copiedLabels]: labelsMark(labels) },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
    },
    spec: McpServerSpec.parse({ workloadRef: { kind, name: metadata.name } }),
  };
}

/** The labels after a change of the workload's. What a person set stays, and what we copied and is gone goes. */
export function labelsPatch(live: McpServer, workload: Workload, ours: ReadonlySet<string>): unknown {
  const wanted = copiedLabels(workload);
  const there = live.metadata.labels ?? {};
  const set = Object.entries(wanted).filter(([key]) => there[key] === undefined || ours.has(key));
  const gone = [...ours].filter((key) => wanted[key] === undefined && key !== LABEL.adopted);
  return {
    metadata: {
      uid: live.metadata.uid,
      resourceVersion: live.metadata.resourceVersion,
      labels: { ...Object.fromEntries(set), ...Object.fromEntries(gone.map((key) => [key, null])) },
      annotations: { [ANNOTATION.copiedLabels]: labelsMark(wanted) },
    },
  };
}

/** Without the marks of adoption: neither the workload's end nor ours ends it then. */
export const disowned = ({ metadata }: McpServer): unknown => ({
  metadata: {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    labels: { [LABEL.adopted]: null },
    annotations: { [ANNOTATION.copiedLabels]: null },
    ownerReferences: null,
  },
});

/** The labels that this field manager owns, from a live object. */
export function labelsOwnedBy(managedFields: ObjectMeta['managedFields'], manager: string): Set<string> {
  const own = (managedFields ?? []).filter((entry) => entry.manager === manager && entry.subresource === undefined);
  const keys = own.flatMap(({ fieldsV1 }) => Object.keys(within(within(fieldsV1, 'f:metadata'), 'f:labels') ?? {}));
  return new Set(keys.flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : [])));
}

type Fields = Readonly<Record<string, unknown>> | undefined;
const within = (fields: Fields, key: string): Fields => fields?.[key] as Fields;
