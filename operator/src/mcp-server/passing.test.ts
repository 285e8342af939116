import { LABEL } from '@cortex/crds';
import { expect, test } from 'vitest';
import { adopted, look, wish, workload } from '../testing/servers.ts';
import { at } from '../testing/world.ts';
import { foundForeign, remembered, wrote } from './conflict.ts';
import { Hold } from './hold.ts';
import { passingMs } from './passing.ts';
import type { SeenServer } from './seen.ts';
import { report } from './status.ts';

const NOW = at('10:00:00');
const running = adopted(workload('clock'), report(look(), undefined, NOW));

/** How long the status of this look may wait. */
function waits(change: Partial<SeenServer>): number | undefined {
  const seen = look({ server: running, ...change });
  return passingMs(seen, report(seen, undefined, NOW) ?? {});
}

test('a change of scale on its way may wait four seconds, and is written at once when it is through', () => {
  const wishes = [wish('w', 3)];

  expect(waits({ wishes })).toBe(4_000);
  expect(waits({ wishes, workload: workload('clock', { replicas: 3, ready: 1 }) })).toBe(4_000);
  expect(waits({ wishes, workload: workload('clock', { replicas: 3 }) })).toBeUndefined();
});

test('numbers of an earlier change of the spec are on their way too', () => {
  expect(waits({ workload: workload('clock', { generation: 2, observed: 1 }), wishes: [wish('w', 1)] })).toBe(4_000);
});

test('a stop may wait; the loss of a running server may not', () => {
  expect(waits({ wishes: [wish('stop', 0)] })).toBe(4_000);
  expect(waits({ workload: workload('clock', { ready: 0 }) })).toBeUndefined();
  expect(waits({ verdict: { state: 'Silent', why: 'hm' } })).toBeUndefined();
});

test('that an Allocation names it waits for the pods that come for it; that calls use it does not', () => {
  expect(waits({ wishes: [wish('floor', 2, { policy: 'AtLeast', of: 'job' })] })).toBe(4_000);
  expect(waits({ wishes: [wish('calls', 2, { policy: 'AtLeast', labels: { [LABEL.waker]: 'waker-0' } })] })).toBe(
    undefined,
  );
  expect(waits({ wishes: [wish('floor', 1, { policy: 'AtLeast', of: 'job' })] })).toBeUndefined();
});

test('news of another kind never waits', () => {
  expect(waits({ workload: workload('clock', { replicas: 3, ready: 1 }), autoscaler: 'by-load' })).toBe(undefined);
});

test('what comes and goes with a conflict waits a minute; with an autoscaler it does not', () => {
  let history = remembered(1, false, 0);
  for (let i = 0; i < 3; i++) history = foundForeign(wrote(history, 3, NOW.getTime()), 1, 'argo', NOW.getTime());
  const wishes = [wish('w', 3)];
  const known = adopted(workload('clock'), report(look({ wishes, history }), undefined, NOW));
  const tried = { wishes, server: known, workload: workload('clock', { replicas: 3 }) };
  expect(waits({ ...tried, history: wrote(history, 3, NOW.getTime()) })).toBe(60_000);

  const scaled = adopted(workload('clock'), report(look({ autoscaler: 'by-load' }), undefined, NOW));
  const more = { server: scaled, autoscaler: 'by-load', workload: workload('clock', { replicas: 2 }) };
  expect(waits(more)).toBeUndefined();
});

test('the first status waits for the first answer', () => {
  expect(waits({ server: adopted(workload('clock')), verdict: undefined })).toBe(4_000);
});

test('the first status does not wait where a wish waits for it: the baseline is written before anything is scaled', () => {
  expect(waits({ server: adopted(workload('clock')), wishes: [wish('w', 3)] })).toBeUndefined();
});

test('what waited long enough is written, and what comes after it waits anew', () => {
  const hold = new Hold();

  expect(hold.admits('a', 5_000, at('10:00:00'))).toBe(false);
  expect(hold.admits('a', 5_000, at('10:00:04'))).toBe(false);
  expect(hold.admits('b', 5_000, at('10:00:05'))).toBe(false);
  expect(hold.admits('a', 5_000, at('10:00:05'))).toBe(true);
  expect(hold.admits('a', 5_000, at('10:00:09'))).toBe(false);
  expect(hold.admits('a', undefined, at('10:00:09'))).toBe(true);
  expect(hold.admits('a', 5_000, at('10:00:11'))).toBe(false);
});
