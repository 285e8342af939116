import { expect, test } from 'vitest';
import { isoImage } from './iso.ts';

const SECTOR = 2048;

/** Reads an image as a kernel does: the descriptor of this type, its root folder, the files in it. */
function read(image: Buffer, type: 1 | 2): { label: string; files: Record<string, string> } {
  const at = [16, 17, 18].map((sector) => image.subarray(sector * SECTOR)).find((bytes) => bytes[0] === type);
  if (at === undefined) throw new Error('no such descriptor');
  const text = (bytes: Buffer) =>
    type === 1 ? bytes.toString('ascii') : Buffer.from(bytes).swap16().toString('utf16le');
  const files: Record<string, string> = {};
  const root = at.readUInt32LE(156 + 2) * SECTOR;
  for (let offset = root; image[offset] !== 0; offset += image[offset] ?? 1) {
    const name = image.subarray(offset + 33, offset + 33 + (image[offset + 32] ?? 0));
    const start = image.readUInt32LE(offset + 2) * SECTOR;
    if (name.length > 1) files[text(name)] = image.subarray(start, start + image.readUInt32LE(offset + 10)).toString();
  }
  return { label: text(at.subarray(40, 72)).trim(), files };
}

const seed = { 'user-data': `#cloud-config\n${'x'.repeat(5000)}`, 'meta-data': 'instance-id: ä\n', empty: '' };

test('2: the files are in the image byte for byte, under their names', () => {
  const { label, files } = read(isoImage(seed), 2);

  expect(label).toBe('CIDATA');
  expect(files).toEqual({ 'user-data;1': seed['user-data'], 'meta-data;1': seed['meta-data'], 'empty;1': '' });
});

test('a reader that knows no long names finds them under short ones', () => {
  expect(Object.keys(read(isoImage(seed), 1).files)).toEqual(['EMPTY.;1', 'META_DAT.;1', 'USER_DAT.;1']);
});

test('the same files make the same image', () => {
  expect(isoImage({ b: '2', a: '1' }).equals(isoImage({ a: '1', b: '2' }))).toBe(true);
});

test('an image is whole sectors, and as large as it says', () => {
  const image = isoImage(seed);

  expect(image.length % SECTOR).toBe(0);
  expect(image.readUInt32LE(16 * SECTOR + 80)).toBe(image.length / SECTOR);
});
