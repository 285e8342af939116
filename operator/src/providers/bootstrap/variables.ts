import { parseCpu, parseMemory } from '@cortex/crds';
import type { Checkpoint, VmRequest } from '../provider.ts';
import type { Variables } from './template.ts';

/** How a machine proves that it may join; what is unset is no variable. */
export interface Join {
  readonly serverURL?: string | undefined;
  readonly token?: string | undefined;
  readonly caHash?: string | undefined;
}

/** What a template may name. `values` are the keys of the Secrets in bootstrap.valuesFrom. */
export function variablesOf(request: VmRequest, checkpoint: Checkpoint, join: Join, values: Variables): Variables {
  const { size, labels, taints } = request;
  const named = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const tainted = taints.map(({ key, value = '', effect }) => `${key}=${value}:${effect}`);
  return {
    name: request.name,
    hostname: request.name,
    uid: request.workerUid,
    systemUUID: request.workerUid,
    cluster: request.clusterId,
    pool: request.pool,
    attempt: String(checkpoint.attempt ?? 1),
    providerID: checkpoint.providerID ?? '',
    host: checkpoint.host ?? '',
    cpu: String(Math.ceil(parseCpu(size.cpu))),
    memoryMiB: String(Math.floor(parseMemory(size.memory) / 2 ** 20)),
    ...(size.disk === undefined ? {} : { diskGiB: String(Math.floor(parseMemory(size.disk) / 2 ** 30)) }),
    labels: JSON.stringify(named),
    taints: JSON.stringify(tainted),
    labelsMap: JSON.stringify(labels),
    taintsMap: JSON.stringify(
      Object.fromEntries(taints.map(({ key, value = '', effect }) => [key, `${value}:${effect}`])),
    ),
    labelsCSV: named.join(','),
    taintsCSV: tainted.join(','),
    ...said('serverURL', join.serverURL),
    ...said('token', join.token),
    ...said('caHash', join.caHash),
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`values.${key}`, value])),
  };
}

const said = (name: string, value: string | undefined): Variables => (value === undefined ? {} : { [name]: value });
