import type { Allocation, Reason, WorkerPool } from '@cortex/crds';
import { expect, test } from 'vitest';
import { announce } from './announce.ts';
import { EventRecorder } from './kube/events.ts';
import { kindsOver } from './follow.ts';
import { ScriptedClient } from './testing/scripted-client.ts';
import { allocation, pool, says } from './testing/world.ts';

interface Office {
  readonly told: () => Promise<string[]>;
  readonly sees: (object: Allocation) => void;
  readonly pools: (object: WorkerPool) => void;
}

function office(leads = true): Office {
  const server = new ScriptedClient();
  const kinds = kindsOver(server.client);
  const recorder = new EventRecorder({ client: server.client, component: 'test', instance: 'operator-0' });
  announce(kinds, recorder, () => leads);
  let version = 1;
  return {
    sees: (object) =>
      void kinds.allocations.store.learn({
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version++) },
      }),
    pools: (object) =>
      void kinds.pools.store.learn({
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version++) },
      }),
    async told() {
      await recorder.flush();
      return server.creates.map((event) =>
        ['type', 'reason', 'note'].map((field) => String(Reflect.get(event, field))).join(' '),
      );
    },
  };
}

const job = allocation('job');
const telling = (reason: Reason, message: string, ready = false): Allocation =>
  says(job, 'Ready', ready, reason, message);

test('an Event is told when the main condition has another reason, in its words; more of the same is silent', async () => {
  const { sees, told } = office();
  sees(job);
  sees(telling('InsufficientWorkers', 'requested 2, available 1'));
  sees(telling('InsufficientWorkers', 'requested 2, available 0'));
  sees(telling('Ready', 'Everything asked for is ready', true));

  expect(await told()).toEqual([
    'Normal InsufficientWorkers requested 2, available 1',
    'Normal Ready Everything asked for is ready',
  ]);
});

test('what asks for a person is a Warning', async () => {
  const { sees, told } = office();
  sees(job);
  sees(telling('PoolNotFound', 'WorkerPool x does not exist'));

  expect(await told()).toEqual(['Warning PoolNotFound WorkerPool x does not exist']);
});

test('D2: a doubt about identity is told even where the main condition keeps its reason; its end is not', async () => {
  const { sees, told } = office();
  const waiting = telling('PoolNotFound', 'WorkerPool x does not exist');
  const doubted = says(waiting, 'IdentityConflict', true, 'IdentityConflict', 'Node a is another machine');
  sees(waiting);
  sees(doubted);
  sees(says(doubted, 'IdentityConflict', true, 'IdentityConflict', 'Node b is another machine'));
  sees(says(doubted, 'IdentityConflict', false, 'IdentityClear', 'What is there is what was made'));

  expect(await told()).toEqual(['Warning IdentityConflict Node a is another machine']);
});

test('what is found at the start was told by the operator before', async () => {
  const { sees, told } = office();
  sees(telling('PoolNotFound', 'WorkerPool x does not exist'));

  expect(await told()).toEqual([]);
});

test('of a pool it is told as well when its provider answers otherwise', async () => {
  const { pools, told } = office();
  const burst = pool('burst');
  pools(burst);
  pools(says(burst, 'ProviderReachable', false, 'TokenRefused', '401 invalid token value!'));
  pools(says(burst, 'ProviderReachable', false, 'TokenRefused', '401 No ticket'));
  pools(says(burst, 'ProviderReachable', true, 'Reachable', 'The provider answers'));

  expect(await told()).toEqual([
    'Warning TokenRefused 401 invalid token value!',
    'Normal Reachable The provider answers',
  ]);
});

test('a replica that does not lead is silent', async () => {
  const { sees, told } = office(false);
  sees(job);
  sees(telling('Ready', 'Everything asked for is ready', true));

  expect(await told()).toEqual([]);
});
