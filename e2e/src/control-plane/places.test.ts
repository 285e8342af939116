import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder, places, programsAt } from './places.ts';
import { PROGRAMS } from './versions.ts';

const filled =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => PROGRAMS.some((name) => path === join(folder, name)));

test('a named folder comes before PATH, and PATH before the cache', () => {
  const order = places({ KUBEBUILDER_ASSETS: '/assets', PATH: '/bin:/usr/bin' }, '/cache');

  expect(order).toEqual([
    { name: 'KUBEBUILDER_ASSETS', folders: ['/assets'], trusted: true },
    { name: 'PATH', folders: ['/bin', '/usr/bin'], trusted: false },
    { name: 'cache', folders: ['/cache'], trusted: true },
  ]);
});

test('an empty KUBEBUILDER_ASSETS names no folder', () => {
  expect(places({ KUBEBUILDER_ASSETS: '', PATH: '' }, '/cache').map(({ name }) => name)).toEqual(['PATH', 'cache']);
});

test('a place with every program gives the path of each', () => {
  const [place] = places({ KUBEBUILDER_ASSETS: '/assets' }, '/cache');

  expect(programsAt(place!, filled('/assets'))).toMatchObject({ etcd: '/assets/etcd', kwok: '/assets/kwok' });
});

test('PATH may spread the programs over folders, and its first folder wins', () => {
  const path = places({ PATH: '/a:/b' }, '/cache')[0]!;
  const files = new Set(['/a/etcd', ...PROGRAMS.map((name) => join('/b', name))]);

  expect(programsAt(path, (file) => files.has(file))).toMatchObject({ etcd: '/a/etcd', kubectl: '/b/kubectl' });
});

test('half a set is no set: the programs it lacks are named', () => {
  const [envtest] = places({ KUBEBUILDER_ASSETS: '/envtest' }, '/cache');
  const holds = new Set(['etcd', 'kube-apiserver', 'kubectl'].map((name) => join('/envtest', name)));

  expect(programsAt(envtest!, (path) => holds.has(path))).toEqual({
    missing: ['kube-controller-manager', 'kube-scheduler', 'kwok', 'kwokctl'],
  });
});

test('the cache follows XDG_CACHE_HOME, else the home folder', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, '/home/me', 'k')).toBe('/x/cortex-resource-manager/control-plane/k');
  expect(cacheFolder({}, '/home/me', 'k')).toBe('/home/me/.cache/cortex-resource-manager/control-plane/k');
});
