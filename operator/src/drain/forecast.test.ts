import { expect, test } from 'vitest';
import { aBudget, aPod, type PodChange } from '../testing/pods.ts';
import { at } from '../testing/workers.ts';
import { type ComingDrain, forecast } from './forecast.ts';

const rules = {
  daemonSets: 'Skip',
  unmanagedPods: 'Evict',
  onDeadline: 'ForceDelete',
  gracePeriodMs: 5 * 60_000,
  order: [],
} as const;

/** A drain that begins at eleven, with ten minutes until it forces. */
const coming = (nodes: readonly (readonly PodChange[])[], more: Partial<ComingDrain> = {}) =>
  forecast({
    nodes: nodes.map((pods) => pods.map((change) => aPod(change))),
    rules,
    budgets: [],
    daemonSets: new Set(),
    beginsAt: at('11:00:00'),
    hardStopAt: at('11:10:00'),
    ...more,
  });

const under = { labels: { app: 'web' } };
const three = ['a', 'b', 'c'].map((name): PodChange => ({ name, ...under }));

test('empty Nodes are empty at once, but for the time in which a scheduler may still bind', () => {
  expect(coming([[], []])).toEqual({ pods: 0, eta: at('11:00:05'), blockers: [] });
});

test('pods take the longest of their graces, wave by wave, and the slowest Node decides', () => {
  const critical: PodChange = { name: 'dns', spec: { priorityClassName: 'system-cluster-critical' } };

  expect(coming([[{ name: 'web' }], [{ name: 'web2' }, critical]])).toMatchObject({ pods: 3, eta: at('11:01:00') });
});

test('pods under a budget take turns', () => {
  expect(coming([three], { budgets: [aBudget({ disruptionsAllowed: 1 })] }).eta).toEqual(at('11:01:30'));
  expect(coming([three], { budgets: [aBudget({ disruptionsAllowed: 2 })] }).eta).toEqual(at('11:01:00'));
});

test('a budget that allows none is named, and what it holds is forced at the hard stop', () => {
  const { eta, blockers } = coming([three, [{ name: 'free' }]], { budgets: [aBudget()] });

  expect(eta).toEqual(at('11:10:00'));
  expect(blockers.map(({ kind, namespace, name, reason }) => `${kind} ${namespace}/${name}: ${reason}`)).toEqual([
    'PodDisruptionBudget team/web: it allows no disruption now: it needs 3 healthy pods and has 2',
  ]);
});

test('where the pool does not force, nobody can say when that is', () => {
  const held = coming([three], { budgets: [aBudget()], rules: { ...rules, onDeadline: 'Hold' } });

  expect(held.eta).toBeUndefined();
});

test('two budgets over one pod, a pod that asks to stay, a pod that nothing would bring back: each is named', () => {
  const twice = { ...aBudget({ disruptionsAllowed: 1 }), metadata: { ...aBudget().metadata, name: 'other' } };
  const asks: PodChange = { name: 'db', annotations: { 'cortex.automation/do-not-evict': 'true' } };
  const alone: PodChange = { name: 'alone', owners: [] };
  const { blockers } = coming([[{ name: 'web', ...under }, asks, alone]], {
    budgets: [aBudget({ disruptionsAllowed: 1 }), twice],
    rules: { ...rules, unmanagedPods: 'Block' },
  });

  expect(blockers.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Pod alone', 'Pod db', 'Pod web']);
});
