import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AllocationStatus,
  BurstWorkerStatus,
  type Condition,
  McpServerScaleStatus,
  McpServerStatus,
  NodeDrainStatus,
  type ObjectMeta,
  type Reason,
  REASONS,
  WorkerPoolStatus,
} from '@cortex/crds';
import { type LuaEngine, LuaFactory } from 'wasmoon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { asksForAPerson } from './explain/advice.ts';
import { recorded } from './testing/recorded.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/gitops/argocd/argocd-cm.yaml');
const { data } = parse(readFileSync(EXAMPLE, 'utf8')) as { data: Record<string, string> };

interface Subject {
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly status?: object | undefined;
}

let lua: LuaEngine;
beforeAll(async () => {
  lua = await new LuaFactory().createEngine({ enableProxy: false });
});
afterAll(() => lua.global.close());

/** As ArgoCD asks: the object is the global `obj`, the answer a table. */
function health(of: Subject): { status: string; message: string } {
  lua.global.set('obj', JSON.parse(JSON.stringify(of)));
  return lua.doStringSync(data[`resource.customizations.health.cortex.automation_${of.kind}`] ?? '') as ReturnType<
    typeof health
  >;
}

const STATUSES = {
  Allocation: AllocationStatus,
  BurstWorker: BurstWorkerStatus,
  McpServer: McpServerStatus,
  McpServerScale: McpServerScaleStatus,
  NodeDrain: NodeDrainStatus,
  WorkerPool: WorkerPoolStatus,
} as const;

describe.for(Object.entries(STATUSES))('%s', ([kind, schema]) => {
  const lives = recorded[kind as keyof typeof STATUSES];

  test.for(lives)('$title: $health', ({ object, health: expected }) => {
    expect(schema.parse(object.status ?? {})).toEqual(object.status ?? {});
    expect(health(object).status).toBe(expected);
  });

  test('has been looked at in each of its phases', () => {
    const phases = 'phase' in schema.shape ? schema.shape.phase.unwrap().options : [];
    const seen = new Set(lives.map(({ object }) => object.status && 'phase' in object.status && object.status.phase));

    expect(phases.filter((phase) => !seen.has(phase))).toEqual([]);
  });
});

const saying = (type: Condition['type'], status: Condition['status'], reason: Reason, more: object = {}): Subject => ({
  kind: 'BurstWorker',
  metadata: { generation: 2 },
  status: {
    conditions: [{ type, status, reason, message: 'Why', observedGeneration: 2, lastTransitionTime: '' }],
    ...more,
  },
});

test.for(Object.keys(REASONS) as Reason[])('what is not Ready for %s is Degraded if a person must act', (reason) => {
  const { status, message } = health(saying('Ready', 'False', reason));

  expect(status === 'Degraded').toBe(asksForAPerson(reason));
  expect(message).toBe(`${reason}: Why`);
});

test.for(['Superseded', 'Lapsed', 'Frozen'] as const)('what rests, %s, is Suspended', (reason) => {
  expect(health(saying('Ready', 'False', reason)).status).toBe('Suspended');
});

test.for(['Stalled', 'IdentityConflict', 'BreakerOpen', 'LeaksFound', 'ScaleConflict'] as const)(
  '%s is Degraded',
  (alarm) => {
    expect(health(saying(alarm, 'True', 'IdentityConflict')).status).toBe('Degraded');
    expect(health(saying(alarm, 'False', 'IdentityClear')).status).toBe('Progressing');
  },
);

test('what is Ready for an older spec is Progressing', () => {
  const ready = saying('Ready', 'True', 'Ready');

  expect(health(ready).status).toBe('Healthy');
  expect(health({ ...ready, metadata: { generation: 3 } }).status).toBe('Progressing');
});

test('a pool whose provider does not answer is Degraded', () => {
  expect(health(saying('ProviderReachable', 'False', 'ProviderError')).status).toBe('Degraded');
});
