import type { Condition } from '@cortex/crds';
import { conditionOf } from './conditions.ts';
import { asksForAPerson } from './explain/advice.ts';
import { tellingOf } from './explain/explain.ts';
import type { EventRecorder } from './kube/events.ts';
import type { Kind } from './kube/kind.ts';
import type { KubeObject } from './kube/object.ts';
import type { Kinds } from './stores.ts';

type Telling = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] | undefined } };

/**
 * Tells users of every object of ours what its main condition tells, and of a pool what is known of its provider, once per
 * change of reason and in the same words.
 * Only the leader tells; what an operator finds when it starts was told by the one before.
 */
export function announce(kinds: Kinds, recorder: EventRecorder, leading: () => boolean): void {
  const tell = <T extends Telling>({ store }: Kind<T>): unknown =>
    store.onChange((_key, now, before) => {
      if (now !== undefined && before !== undefined && leading()) record(recorder, now, before);
    });
  tell(kinds.allocations);
  tell(kinds.workers);
  tell(kinds.pools);
  tell(kinds.drains);
  tell(kinds.servers);
  tell(kinds.wishes);
  kinds.pools.store.onChange((_key, now, before) => {
    if (now === undefined || before === undefined || !leading()) return;
    const [said, was] = [now, before].map(({ status }) => conditionOf(status?.conditions, 'ProviderReachable'));
    recordChange(recorder, now, said, was);
  });
}

function record(recorder: EventRecorder, now: Telling, before: Telling): void {
  const said = tellingOf(now.status?.conditions)?.condition;
  const was = tellingOf(before.status?.conditions)?.condition;
  recordChange(recorder, now, said, was);
}

function recordChange(
  recorder: EventRecorder,
  now: Telling,
  said: Condition | undefined,
  was: Condition | undefined,
): void {
  if (said === undefined || said.reason === was?.reason) return;
  const type = asksForAPerson(said.reason) ? 'Warning' : 'Normal';
  recorder.record(now, { type, reason: said.reason, message: said.message });
}
