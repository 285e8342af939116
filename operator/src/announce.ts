import type { Condition, ConditionType } from '@cortex/crds';
import { conditionOf, isTrue } from './conditions.ts';
import { asksForAPerson } from './explain/advice.ts';
import { tellingOf } from './explain/explain.ts';
import type { EventRecorder } from './kube/events.ts';
import type { Kind } from './kube/kind.ts';
import type { KubeObject } from './kube/object.ts';
import type { Kinds } from './stores.ts';

type Telling = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] | undefined } };

/**
 * Tells users of every object of ours what its main condition tells, and of a pool what is known of its provider, once per
 * change of reason and in the same words; and its alarms, when they begin.
 * Only the leader tells; what an operator finds when it starts was told by the one before.
 */
export function announce(kinds: Kinds, recorder: EventRecorder, leading: () => boolean): void {
  const follow = <T extends Telling>({ store }: Kind<T>): unknown =>
    store.onChange((_key, now, before) => {
      if (now !== undefined && before !== undefined && leading()) record(recorder, now, before);
    });
  follow(kinds.allocations);
  follow(kinds.workers);
  follow(kinds.pools);
  follow(kinds.drains);
  follow(kinds.servers);
  follow(kinds.wishes);
  kinds.pools.store.onChange((_key, now, before) => {
    if (now === undefined || before === undefined || !leading()) return;
    const [said, was] = [now, before].map(({ status }) => conditionOf(status?.conditions, 'ProviderReachable'));
    recordChange(recorder, now, said, was);
  });
}

function record(recorder: EventRecorder, now: Telling, before: Telling): void {
  const [said, was] = [now, before].map(({ status }) => tellingOf(status?.conditions)?.condition);
  recordChange(recorder, now, said, was);
  for (const type of ALARMS) {
    const alarm = conditionOf(now.status?.conditions, type);
    if (alarm?.status === 'True' && !isTrue(before.status?.conditions, type)) tell(recorder, now, alarm);
  }
}

function recordChange(
  recorder: EventRecorder,
  now: Telling,
  said: Condition | undefined,
  was: Condition | undefined,
): void {
  if (said !== undefined && said.reason !== was?.reason) tell(recorder, now, said);
}

function tell(recorder: EventRecorder, about: Telling, { reason, message }: Condition): void {
  recorder.record(about, { type: asksForAPerson(reason) ? 'Warning' : 'Normal', reason, message });
}

/** What is told beside the main condition, whatever that says: somebody has to look (contracts D2, S6, S9). */
const ALARMS: readonly ConditionType[] = ['BreakerOpen', 'IdentityConflict', 'LeaksFound'];
