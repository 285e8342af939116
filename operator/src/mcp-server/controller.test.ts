import type { McpServerScale } from '@cortex/crds';
import { expect, test } from 'vitest';
import type { Kinds } from '../stores.ts';
import { look, server, wish } from '../testing/servers.ts';
import { McpServerRoom } from './controller.ts';
import type { Lookout } from './lookout.ts';
import type { Witness } from './witness.ts';

/** To how many a server that is idle is scaled, when these wishes were seen and those are there. */
async function sleeps(seen: McpServerScale[], live: McpServerScale[]): Promise<number | undefined> {
  let scaledTo: number | undefined;
  const room = new McpServerRoom({
    kinds: { wishes: { liveList: () => Promise.resolve(live) } } as unknown as Kinds,
    witness: { scale: async (...[, , to]: unknown[]) => void (scaledTo = to as number) } as unknown as Witness,
    lookout: {} as Lookout,
    tell: () => undefined,
  });
  const action = { kind: 'Scale', replicas: 0, idle: true } as const;
  await room.perform(action, look({ server: server('clock'), wishes: seen })).catch(() => undefined);
  return scaledTo;
}

test('a server is sent to sleep only while the wishes about it are those that were seen', async () => {
  const [known, call] = [wish('known', 1), wish('call', 1, { policy: 'AtLeast' })];
  const elsewhere = { ...call, metadata: { ...call.metadata, namespace: 'other' } };

  expect(await sleeps([], [])).toBe(0);
  expect(await sleeps([known], [elsewhere, known])).toBe(0);
  expect(await sleeps([], [call])).toBeUndefined();
  expect(await sleeps([known], [call])).toBeUndefined();
  expect(await sleeps([known], [])).toBeUndefined();
});
