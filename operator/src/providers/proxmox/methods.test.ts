import { describe, expect, test } from 'vitest';
import { official, problemsOf, WHERE } from '../../testing/proxmox/official.ts';
import { type Method, METHODS } from './methods.ts';

if (official === undefined) console.warn(`SKIPPED: ${WHERE}`);

const named = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

describe.skipIf(official === undefined)('35: every call that is made is one of the API', () => {
  test.for(Object.entries<Method>(METHODS))('%s', ([, { verb, path, takes }]) => {
    const known = official?.get(path)?.[verb];
    const properties = known?.parameters?.properties ?? {};
    const unknown = takes.filter((name) => !(name in properties) && !(name.replace(/\d+$/, '[n]') in properties));
    const required = Object.entries(properties).flatMap(([name, { optional }]) => (optional === 1 ? [] : name));

    expect(known).toBeDefined();
    expect(unknown).toEqual([]);
    expect([...named(path), ...takes, 'filename']).toEqual(expect.arrayContaining(required));
  });
});

/** Mistakes that others have made: the description the tests rely on must see them. */
describe.skipIf(official === undefined)('35: the official description refuses', () => {
  const clone = { node: 'pve', vmid: '9000', newid: '30000' };
  const VM = '/nodes/{node}/qemu/{vmid}';
  test.for<[string, string, string, Record<string, string>, string]>([
    ['an id below 100', 'POST', `${VM}/clone`, { ...clone, newid: '99' }, 'newid'],
    ['a name that is none of DNS', 'POST', `${VM}/clone`, { ...clone, name: 'burst_a1' }, 'name'],
    ['memory while cloning', 'POST', `${VM}/clone`, { ...clone, memory: '512' }, 'memory'],
    ['a clone without its id', 'POST', `${VM}/clone`, { node: 'pve', vmid: '9000' }, 'newid'],
    [
      'a size in binary units',
      'PUT',
      `${VM}/resize`,
      { node: 'pve', vmid: '100', disk: 'scsi0', size: '50Gi' },
      'size',
    ],
    ['a misspelt part', 'PUT', `${VM}/config`, { node: 'pve', vmid: '100', net0: 'virtio,brige=vmbr0' }, 'net0'],
    [
      'an upload of snippets',
      'POST',
      '/nodes/{node}/storage/{storage}/upload',
      { node: 'pve', storage: 's', filename: 'a', content: 'snippets' },
      'content',
    ],
  ])('%s', ([, verb, path, given, at]) => {
    const method = official?.get(path)?.[verb];

    expect(method && problemsOf(method, given)).toHaveProperty(at);
  });
});
