import { ANNOTATION, LABEL } from '@cortex/crds';
import { expect, test } from 'vitest';
import { adopted, MCP_LABEL, server, workload } from '../testing/servers.ts';
import { adopting, isInStep, isMadeFor, isTakenOver, labelsOwnedBy, labelsPatch } from './adoption.ts';

test('an adopted McpServer has the name, the labels and the ownership of its workload', () => {
  const { metadata, spec } = adopting(workload('clock', { kind: 'StatefulSet', labels: { ...MCP_LABEL, team: 'a' } }));

  expect(metadata).toMatchObject({
    name: 'clock',
    namespace: 'team',
    labels: { ...MCP_LABEL, team: 'a', [LABEL.adopted]: 'true' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'clock', uid: 'uid-of-clock' }],
  });
  expect(spec.workloadRef).toEqual({ kind: 'StatefulSet', name: 'clock' });
});

test('labels by which ArgoCD and Flux know what they keep are not copied: Git does not keep the McpServer', () => {
  const kept = { 'app.kubernetes.io/instance': 'app', 'kustomize.toolkit.fluxcd.io/name': 'app', team: 'a' };

  expect(adopting(workload('clock', { labels: kept })).metadata.labels).toEqual({ team: 'a', [LABEL.adopted]: 'true' });
});

test('it is out of step when the labels of its workload change, in whatever order they are written', () => {
  const made = adopted(workload('clock', { labels: { a: '1', b: '2' } }));

  expect(isInStep(made, workload('clock', { labels: { b: '2', a: '1' } }))).toBe(true);
  expect(isInStep(made, workload('clock', { labels: { a: '1' } }))).toBe(false);
});

test("a person's label wins, and what was copied and is gone goes", () => {
  const live = adopted(workload('clock', { labels: { ours: '1', theirs: '1', gone: '1' } }));
  live.metadata.labels = { ...live.metadata.labels, theirs: 'by hand', added: 'by hand' };
  const ours = new Set(['ours', 'gone', LABEL.adopted]);

  expect(
    labelsPatch(live, workload('clock', { labels: { ours: '2', theirs: '2', added: '2', new: '2' } }), ours),
  ).toEqual({
    metadata: {
      uid: 'uid-of-clock',
      resourceVersion: '100',
      labels: { ours: '2', new: '2', gone: null },
      annotations: { [ANNOTATION.copiedLabels]: expect.stringMatching(/^[0-9a-f]{10}$/) },
    },
  });
});

test('which labels are ours is told by managedFields', () => {
  expect([
    ...labelsOwnedBy([labels('cortex-operator', 'a', 'b/c'), labels('kubectl', 'd')], 'cortex-operator'),
  ]).toEqual(['a', 'b/c']);
  expect([...labelsOwnedBy(undefined, 'cortex-operator')]).toEqual([]);
});

test('an McpServer whose spec a person edited is theirs; one made for an earlier workload of that name is nobody’s', () => {
  const made = adopted(workload('clock'));

  expect(isTakenOver(made)).toBe(false);
  expect(isTakenOver({ ...made, metadata: { ...made.metadata, generation: 2 } })).toBe(true);
  expect(isMadeFor(made, workload('clock'))).toBe(true);
  const later = workload('clock');
  later.metadata.uid = 'another';
  expect(isMadeFor(made, later)).toBe(false);
  expect(isMadeFor(server('clock'), later)).toBe(false);
});

const labels = (manager: string, ...names: string[]) => ({
  manager,
  fieldsV1: {
    'f:metadata': { 'f:labels': { '.': {}, ...Object.fromEntries(names.map((name) => [`f:${name}`, {}])) } },
  },
});
