import { expect, test } from 'vitest';
import { Prober } from './prober.ts';
import type { Question, Verdict } from './verdict.ts';

const question = (path = '/mcp', service = 'clock'): Question => ({
  type: 'Mcp',
  namespace: 'team',
  service,
  port: { name: undefined, number: 80, direct: false },
  path,
});
const answers: Verdict = { state: 'Answers', serverInfo: { name: 'clock' } };
const silent: Verdict = { state: 'Silent', why: 'hm' };

/** A prober whose servers say what the test puts in, and what it told others to do. */
function prober(...verdicts: Verdict[]) {
  const told: string[] = [];
  const one = new Prober({
    handshake: async () => verdicts.shift() ?? silent,
    hurry: (key) => told.push(`ask ${key}`),
    changed: (key) => told.push(`news of ${key}`),
  });
  return { one, told };
}

test('nobody waits for an answer: it is there at the next look', async () => {
  const { one, told } = prober(answers);

  expect(one.ask('a', question(), 1)).toBeUndefined();
  expect(await one.pass('a')).toEqual({ kind: 'after', ms: 60_000 });
  expect(one.ask('a', question(), 1)).toEqual(answers);
  expect(told).toEqual(['ask a', 'news of a']);
});

test('the same answer again is no news', async () => {
  const { one, told } = prober(answers, answers);
  one.ask('a', question());
  await one.pass('a');
  await one.pass('a');

  expect(told).toEqual(['ask a', 'news of a']);
});

test('an occasion asks anew, and the old answer holds until then; of another Service it never holds', async () => {
  const { one, told } = prober(answers);
  one.ask('a', question(), 1);
  await one.pass('a');

  expect(one.ask('a', question(), 2)).toEqual(answers);
  expect(one.ask('a', question('/other'), 2)).toEqual(answers);
  expect(one.ask('a', question('/other', 'another'), 2)).toBeUndefined();
  expect(told.filter((each) => each === 'ask a')).toHaveLength(4);
});

test('a server that answered is believed until it failed three times in a row', async () => {
  const { one, told } = prober(answers, silent, silent, answers, silent, silent, silent);
  one.ask('a', question());
  for (let i = 0; i < 6; i++) await one.pass('a');
  expect(one.ask('a', question())).toEqual(answers);

  await one.pass('a');
  expect(one.ask('a', question())).toEqual(silent);
  expect(told.filter((each) => each === 'news of a')).toHaveLength(2);
});

test('a server that does not answer is asked again soon, then ever more rarely, at least every 30 s', async () => {
  const { one } = prober();
  one.ask('a', question());
  const waits = [];
  for (let i = 0; i < 12; i++) waits.push(await one.pass('a'));

  const ms = waits.map((each) => (each.kind === 'after' ? each.ms : Number.NaN));
  expect(ms[0]).toBeLessThanOrEqual(200);
  expect(ms.at(-1)).toBeGreaterThan(10_000);
  expect(Math.max(...ms)).toBeLessThanOrEqual(30_000);
});

test('without a question the answer is forgotten, and an answer that comes too late is dropped', async () => {
  const { one, told } = prober(answers);
  one.ask('a', question());
  const passing = one.pass('a');
  one.ask('a', undefined);

  expect(await passing).toEqual({ kind: 'rest' });
  expect(await one.pass('a')).toEqual({ kind: 'rest' });
  expect(one.ask('a', question())).toBeUndefined();
  expect(told).toEqual(['ask a', 'ask a']);
});
