import { createHash } from 'node:crypto';

/**
 * The image of a compact disc that NoCloud reads: ISO 9660 with Joliet, because names such as user-data are not allowed
 * without it. One folder, few small files; written by hand since no library that does it is kept up.
 */
const SECTOR = 2048;
/** Sixteen sectors are left to others; then volume descriptors, path tables and folders, one sector each, then the files. */
const AT = { primary: 16, joliet: 17, end: 18, tables: 19, folder: 23, jolietFolder: 24, files: 25 } as const;

interface Placed {
  readonly name: string;
  readonly bytes: Buffer;
  readonly sector: number;
}

/** The image, byte for byte the same for the same files. The label is what NoCloud looks for. */
export function isoImage(files: Readonly<Record<string, string>>, label = 'CIDATA'): Buffer {
  const placed = place(files);
  const last = placed.at(-1);
  const sectors = last === undefined ? AT.files : last.sector + sectorsOf(last.bytes);
  const image = Buffer.alloc(sectors * SECTOR);
  const put = (sector: number, bytes: Buffer): void => void bytes.copy(image, sector * SECTOR);
  put(AT.primary, descriptor(1, label, sectors, AT.folder, AT.tables, plain));
  put(AT.joliet, descriptor(2, label, sectors, AT.jolietFolder, AT.tables + 2, wide));
  put(AT.end, Buffer.from('\xffCD001\x01', 'latin1'));
  put(AT.tables, pathTable(AT.folder, 'little'));
  put(AT.tables + 1, pathTable(AT.folder, 'big'));
  put(AT.tables + 2, pathTable(AT.jolietFolder, 'little'));
  put(AT.tables + 3, pathTable(AT.jolietFolder, 'big'));
  put(
    AT.folder,
    folder(AT.folder, placed, (name) => Buffer.from(shortName(name), 'ascii')),
  );
  put(
    AT.jolietFolder,
    folder(AT.jolietFolder, placed, (name) => wide(`${name};1`)),
  );
  for (const { sector, bytes } of placed) put(sector, bytes);
  return image;
}

function place(files: Readonly<Record<string, string>>): Placed[] {
  let sector: number = AT.files;
  return Object.keys(files)
    .toSorted()
    .map((name) => {
      const bytes = Buffer.from(files[name] ?? '', 'utf8');
      const placed = { name, bytes, sector };
      sector += sectorsOf(bytes);
      return placed;
    });
}

/** All that is kept of an image: whoever has one can tell whether it is this one. */
export const hashOf = (image: Buffer): string => createHash('sha256').update(image).digest('hex');

const sectorsOf = (bytes: Buffer): number => Math.max(1, Math.ceil(bytes.length / SECTOR));

const plain = (text: string): Buffer => Buffer.from(text, 'ascii');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
/** Level 1: capitals, digits and underscores, eight of them. */
const shortName = (name: string): string =>
  `${name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '_')
    .slice(0, 8)}.;1`;

/** Numbers are written twice: once for each kind of machine. */
function both16(at: Buffer, offset: number, value: number): void {
  at.writeUInt16LE(value, offset);
  at.writeUInt16BE(value, offset + 2);
}

function both32(at: Buffer, offset: number, value: number): void {
  at.writeUInt32LE(value, offset);
  at.writeUInt32BE(value, offset + 4);
}

function descriptor(
  type: 1 | 2,
  label: string,
  sectors: number,
  root: number,
  tables: number,
  encode: (text: string) => Buffer,
): Buffer {
  const at = Buffer.alloc(SECTOR);
  const fill = (offset: number, length: number, text = ''): void => {
    const blank = encode(' ');
    for (let i = 0; i < length; i += blank.length) blank.copy(at, offset + i, 0, Math.min(blank.length, length - i));
    encode(text).copy(at, offset, 0, length);
  };
  at.writeUInt8(type, 0);
  at.write('CD001\x01', 1, 'latin1');
  fill(8, 32);
  fill(40, 32, label);
  both32(at, 80, sectors);
  if (type === 2) at.write('%/E', 88, 'latin1'); // UCS-2 level 3
  both16(at, 120, 1);
  both16(at, 124, 1);
  both16(at, 128, SECTOR);
  both32(at, 132, 10);
  at.writeUInt32LE(tables, 140);
  at.writeUInt32BE(tables + 1, 148);
  record(Buffer.from([0]), root, SECTOR, true).copy(at, 156);
  for (const [offset, length] of [
    [190, 128],
    [318, 128],
    [446, 128],
    [574, 128],
    [702, 37],
    [739, 37],
    [776, 37],
  ] as const)
    fill(offset, length);
  for (const offset of [813, 830, 847, 864]) at.write('0'.repeat(16), offset, 'latin1');
  at.writeUInt8(1, 881);
  return at;
}

function pathTable(root: number, order: 'little' | 'big'): Buffer {
  const at = Buffer.alloc(10);
  at.writeUInt8(1, 0);
  if (order === 'little') {
    at.writeUInt32LE(root, 2);
    at.writeUInt16LE(1, 6);
  } else {
    at.writeUInt32BE(root, 2);
    at.writeUInt16BE(1, 6);
  }
  return at;
}

/** Itself, its parent, and its files in the order of their names. */
function folder(self: number, files: readonly Placed[], nameOf: (name: string) => Buffer): Buffer {
  const links = [0, 1].map((name) => record(Buffer.from([name]), self, SECTOR, true));
  return Buffer.concat([
    ...links,
    ...files.map(({ name, bytes, sector }) => record(nameOf(name), sector, bytes.length)),
  ]);
}

function record(name: Buffer, sector: number, length: number, isFolder = false): Buffer {
  const at = Buffer.alloc(33 + name.length + (name.length % 2 === 0 ? 1 : 0));
  at.writeUInt8(at.length, 0);
  both32(at, 2, sector);
  both32(at, 10, length);
  Buffer.from([100, 1, 1, 0, 0, 0, 0]).copy(at, 18); // a date that never changes
  at.writeUInt8(isFolder ? 2 : 0, 25);
  both16(at, 28, 1);
  at.writeUInt8(name.length, 32);
  name.copy(at, 33);
  return at;
}
