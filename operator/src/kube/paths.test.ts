import { expect, test } from 'vitest';
import { Things } from '../testing/objects.ts';
import { Nodes, Pods } from './core.ts';
import { collectionPath, objectPath, resourceOf } from './paths.ts';

test('a collection is that of one namespace or of all', () => {
  expect(collectionPath(Pods)).toBe('/api/v1/pods');
  expect(collectionPath(Pods, 'a')).toBe('/api/v1/namespaces/a/pods');
  expect(collectionPath(Things, 'a')).toBe('/apis/test.example/v1/namespaces/a/things');
});

test('an object is found by its key', () => {
  expect(objectPath(Nodes, 'n')).toBe('/api/v1/nodes/n');
  expect(objectPath(Things, 'a/b', 'status')).toBe('/apis/test.example/v1/namespaces/a/things/b/status');
});

test.for([
  [Pods, 'name-only'],
  [Nodes, 'a/b'],
  [Pods, 'a/'],
  [Pods, 'a/b/c'],
] as const)('a key that does not fit the scope is refused: %#', ([type, key]) => {
  expect(() => objectPath(type, key)).toThrow(`"${key}" is no key of a ${type.kind}`);
});

test('a name cannot leave its place in the path', () => {
  expect(objectPath(Nodes, 'a?x=1')).toBe('/api/v1/nodes/a%3Fx%3D1');
});

test.for([
  ['/api/v1/pods', 'pods'],
  ['/api/v1/namespaces/a/pods/b', 'pods'],
  ['/api/v1/namespaces/a/pods/b/eviction', 'pods/eviction'],
  ['/api/v1/namespaces/a', 'namespaces'],
  ['/api/v1/namespaces/a/status', 'namespaces/status'],
  ['/apis/cortex.automation/v1alpha1/namespaces/a/allocations/b/status', 'allocations.cortex.automation/status'],
  ['/apis/cortex.automation/v1alpha1/workerpools/p', 'workerpools.cortex.automation'],
  ['/version', 'version'],
] as const)('%s is counted as %s', ([path, resource]) => {
  expect(resourceOf(path)).toBe(resource);
});
