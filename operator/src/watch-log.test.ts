import { expect, test } from 'vitest';
import { KubeError } from './kube/errors.ts';
import { createLogger } from './telemetry/log.ts';
import { WatchLog } from './watch-log.ts';

const pods = { plural: 'pods', group: '', kind: 'Pod' };
const nodes = { plural: 'nodes', group: '', kind: 'Node' };
const allocations = { plural: 'allocations', group: 'cortex.automation', kind: 'Allocation' };
const refused = (status: number, reason: string): KubeError =>
  new KubeError('WATCH /x', { status, reason, message: 'said so' });

function told(tell: (log: WatchLog) => void): string[] {
  const lines: string[] = [];
  tell(new WatchLog(createLogger({ write: (line) => lines.push(line) })));
  return lines.map((line) => (JSON.parse(line) as { message: string }).message);
}

test('an API server that does not answer is one line, and one when it does again', () => {
  const lines = told((log) => {
    for (const each of [pods, nodes]) log.problem(each, refused(0, 'Unreachable'));
    log.lease(refused(0, 'Unreachable'));
    for (const each of [pods, nodes]) log.recovered(each, 5_000);
  });

  expect(lines).toEqual([
    'The API server does not answer; it is tried again until it does',
    'the API server answers again',
  ]);
});

test('a missing CRD names the command that installs it', () => {
  expect(told((log) => log.problem(allocations, refused(404, 'NotFound')))).toEqual([
    'The API server does not know allocations.cortex.automation. Install the CRDs with: kubectl apply --server-side -f crds/',
  ]);
});

test('a refusal is told of the kind it concerns', () => {
  const lines = told((log) => {
    log.problem(pods, refused(403, 'Forbidden'));
    log.recovered(pods, 10);
  });

  expect(lines).toEqual(['pods cannot be watched; it is tried again', 'the watch is open again']);
});

test('a lease out of reach is said when the reason changes, not with every try', () => {
  const lines = told((log) => {
    for (const status of [403, 403, 500]) log.lease(refused(status, 'No'));
  });

  expect(lines).toHaveLength(2);
});
