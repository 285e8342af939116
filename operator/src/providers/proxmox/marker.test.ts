import { expect, test } from 'vitest';
import { descriptionOf, isConfigured, isOurs, markerOf, smbiosOf, taggedMarker, tagsOf } from './marker.ts';
import { Config } from './methods.ts';

const owner = { clusterId: 'c-1', workerUid: '0f0f0f0f-1111-2222-3333-444444444444', name: 'burst-0' };
const config = (changed: Record<string, string> = {}): Config =>
  Config.parse({ description: descriptionOf(owner), tags: tagsOf(owner), smbios1: smbiosOf(owner), ...changed });

test('S3: the owner is read back as it was written, whatever stands around it', () => {
  const noted = `a note\r\n${descriptionOf(owner).replaceAll('\n', '\r\n')}\r\nmore\r\n`;

  expect(markerOf(noted)).toEqual({ clusterId: 'c-1', workerUid: owner.workerUid });
  expect(markerOf('cortex-owner: c-1')).toBeUndefined();
  expect(markerOf('see cortex-owner: a/b')).toBeUndefined();
});

test('17: tags are found in any order and case', () => {
  const shuffled = tagsOf(owner).toUpperCase().split(';').toReversed().join(';');

  expect(taggedMarker(`mine;${shuffled}`)).toEqual({ clusterId: 'c-1', workerUid: owner.workerUid });
  expect(taggedMarker('cortex')).toBeUndefined();
});

test('S3: a machine is ours by cluster and worker together', () => {
  expect(isOurs(config(), owner)).toBe(true);
  expect(isOurs(config(), { ...owner, clusterId: 'c-2' })).toBe(false);
  expect(isOurs(config(), { ...owner, workerUid: crypto.randomUUID() })).toBe(false);
});

test('S3: a copy of our machine has a UUID of its own and is not ours; a clone that is not configured yet is', () => {
  const other = `uuid=${crypto.randomUUID()}`;

  expect(isOurs(config({ smbios1: other }), owner)).toBe(false);
  expect(isOurs(config({ smbios1: other, tags: '' }), owner)).toBe(true);
});

test('a machine is configured once its UUID and its tags are there', () => {
  expect(isConfigured(config(), owner)).toBe(true);
  expect(isConfigured(config({ smbios1: `base64=1,uuid=${owner.workerUid.toUpperCase()}` }), owner)).toBe(true);
  expect(isConfigured(config({ tags: '' }), owner)).toBe(false);
});
