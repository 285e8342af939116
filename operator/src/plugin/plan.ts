import type { BurstWorker, WorkerPool } from '@cortex/crds';
import type { Verdict } from '../admission/verdict.ts';
import { conditionOf } from '../conditions.ts';
import { age } from '../explain/age.ts';
import { nextOf } from '../explain/next.ts';
import type { Subject } from '../explain/world.ts';
import { keyOf } from '../kube/object.ts';
import type { Snapshot } from './cluster.ts';
import type { Page } from './page.ts';
import { officeOver } from './queue.ts';

/** What is decided now, and what happens by the passing of time alone; nothing of it is done (contract S12). */
export function plan(seen: Snapshot): Page {
  const decisions = [...officeOver(seen).verdicts.flatMap(told), ...removals(seen)];
  const workers = seen.workers.filter((worker) => !endsWithItsClaim(worker, seen));
  const subjects: readonly Subject[] = [...seen.allocations, ...workers, ...seen.drains];
  const coming = subjects
    .flatMap((subject) => {
      const next = nextOf(subject, seen);
      return next === undefined ? [] : [{ kind: subject.kind, name: keyOf(subject), ...next }];
    })
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const leaks = seen.pools.flatMap((pool) => leaksOf(pool));
  return {
    data: { decisions, coming, leaks },
    sections: [
      decisions.length === 0
        ? { title: 'Now', lines: ['Nothing: whoever waits goes on waiting.'] }
        : {
            title: 'Now',
            head: ['WHAT', 'NAME', 'EVIDENCE'],
            rows: decisions.map(({ what, name, evidence }) => [what, name, evidence]),
          },
      coming.length === 0
        ? { title: 'Later', lines: ['Nothing by itself.'] }
        : {
            title: 'Later',
            head: ['IN', 'KIND', 'NAME', 'WHAT'],
            rows: coming.map(({ at, kind, name, what }) => [
              age(Date.parse(at) - seen.now.getTime()),
              kind,
              name,
              what,
            ]),
          },
      ...(leaks.length === 0
        ? []
        : [{ title: 'Nobody claims', lines: leaks.map(({ pool, message }) => `WorkerPool ${pool}: ${message}`) }]),
    ],
  };
}

/** Workers whose machine is missing, and pools that stop such removals (contracts S7, S9). */
function removals({ workers, pools }: Snapshot): Decision[] {
  const missing = workers.flatMap(({ metadata, status }) => {
    const gone = conditionOf(status?.conditions, 'VmGone');
    return gone?.status === 'Unknown' ? [{ what: 'give up', name: metadata.name, evidence: gone.message }] : [];
  });
  const stopped = pools.flatMap(({ metadata, status }) => {
    const open = conditionOf(status?.conditions, 'BreakerOpen');
    return open?.status === 'True' ? [{ what: 'stop', name: metadata.name, evidence: open.message }] : [];
  });
  return [...missing, ...stopped];
}

/** What the operator found of a pool that nobody claims, and does about it (contract S6). */
function leaksOf({ metadata, status }: WorkerPool): { pool: string; message: string }[] {
  const found = conditionOf(status?.conditions, 'LeaksFound');
  return found?.status === 'True' ? [{ pool: metadata.name, message: found.message }] : [];
}

/** Its Allocation ends first, and this one with it. */
function endsWithItsClaim({ spec, status }: BurstWorker, { allocations }: Snapshot): boolean {
  const claimant = allocations.find(({ metadata }) => metadata.uid === spec.claimRef?.uid);
  const [claim, own] = [claimant?.status?.expiresAt, status?.expiresAt];
  return status?.drain === undefined && claim !== undefined && own !== undefined && claim <= own;
}

interface Decision {
  readonly what: string;
  readonly name: string;
  readonly evidence: string;
}

/** That one goes on waiting is no news. */
function told(verdict: Verdict): Decision[] {
  const name = keyOf(verdict.candidate);
  switch (verdict.kind) {
    case 'Wait':
      return [];
    case 'Fail':
      return [{ what: 'fail', name, evidence: verdict.message }];
    case 'Claim':
      return [{ what: 'admit', name, evidence: `it claims ${verdict.workers.map(keyOf).join(', ')}` }];
    case 'Reserve':
      return [{ what: 'admit', name, evidence: `WorkerPool ${verdict.pool.metadata.name} has room for it` }];
    case 'Succeed':
      return [{ what: 'admit', name, evidence: 'it takes over what its predecessor has' }];
    case 'AdmitWorker':
      return [{ what: 'admit', name, evidence: `WorkerPool ${verdict.pool.metadata.name} has room for it` }];
    case 'Unclaim':
      return [
        { what: 'give back', name: keyOf(verdict.worker), evidence: `Allocation ${name} cannot get all it asks for` },
      ];
    case 'Retire':
      return [
        { what: 'retire', name: keyOf(verdict.worker), evidence: `it is free, and stands in the way of ${name}` },
      ];
    case 'Preempt':
      return verdict.victims.map((victim) => ({
        what: 'preempt',
        name: keyOf(victim),
        evidence: `Allocation ${name} ranks higher: ${verdict.message}`,
      }));
  }
}
