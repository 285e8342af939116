import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder, places, programsIn } from './places.ts';
import { PROGRAMS } from './versions.ts';

test('a named folder comes before PATH, and PATH before the cache', () => {
  const order = places({ KUBEBUILDER_ASSETS: '/assets', PATH: '/bin:/usr/bin' }, '/cache');

  expect(order).toEqual([
    { name: 'KUBEBUILDER_ASSETS', folder: '/assets', trusted: true },
    { name: 'PATH', folder: '/bin', trusted: false },
    { name: 'PATH', folder: '/usr/bin', trusted: false },
    { name: 'cache', folder: '/cache', trusted: true },
  ]);
});

test('an empty KUBEBUILDER_ASSETS names no folder', () => {
  expect(places({ KUBEBUILDER_ASSETS: '', PATH: '' }, '/cache').map(({ name }) => name)).toEqual(['cache']);
});

test('a folder with every program gives the path of each', () => {
  const holds = new Set(PROGRAMS.map((name) => join('/assets', name)));

  expect(programsIn('/assets', (path) => holds.has(path))).toMatchObject({
    etcd: '/assets/etcd',
    kwok: '/assets/kwok',
  });
});

test('half a set is no set: the programs it lacks are named', () => {
  const envtest = new Set(['etcd', 'kube-apiserver', 'kubectl'].map((name) => join('/envtest', name)));

  expect(programsIn('/envtest', (path) => envtest.has(path))).toEqual({
    missing: ['kube-controller-manager', 'kube-scheduler', 'kwok', 'kwokctl'],
  });
});

test('the cache follows XDG_CACHE_HOME, else the home folder', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, '/home/me', 'control-plane', 'k')).toBe(
    '/x/cortex-resource-manager/control-plane/k',
  );
  expect(cacheFolder({}, '/home/me', 'control-plane', 'k')).toBe(
    '/home/me/.cache/cortex-resource-manager/control-plane/k',
  );
});
