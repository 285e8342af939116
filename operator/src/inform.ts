import { isDeepStrictEqual } from 'node:util';
import type { Office } from './admission/office.ts';
import { INDEX, type Kinds } from './stores.ts';

/** The admission office hears of everything that capacity and queues follow from, before anybody asks it. */
export function inform(office: Office, kinds: Kinds): void {
  kinds.pools.store.onChange((_key, now, before) => office.poolChanged(now, before));
  kinds.allocations.store.onChange((_key, now, before) => office.allocationChanged(now, before));
  kinds.workers.store.onChange((_key, now, before) => office.workerChanged(now, before));
  kinds.namespaces.store.onChange((name, now, before) => {
    if (!isDeepStrictEqual(now?.metadata.labels, before?.metadata.labels)) office.namespaceChanged(name);
  });
  kinds.servers.store.onChange((key, now, before) => {
    if ((now === undefined) !== (before === undefined))
      office.serverChanged(kinds.allocations.store.byIndex(INDEX.server, key));
  });
}
