import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { formatProblem } from './formats.ts';

const FILE = join(import.meta.dirname, '../../../../../shared/data/proxmox-apidoc.json.gz');

export interface Parameter {
  readonly type?: string;
  readonly optional?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly maxLength?: number;
  readonly format?: string | Readonly<Record<string, Parameter>>;
  readonly default_key?: number;
  readonly alias?: string;
}

export type Check = readonly [string, ...unknown[]];

export interface OfficialMethod {
  readonly parameters?: { readonly properties?: Readonly<Record<string, Parameter>> };
  readonly permissions?: { readonly check?: Check; readonly user?: string };
}

interface Folder {
  readonly path: string;
  readonly info?: Readonly<Record<string, OfficialMethod>>;
  readonly children?: readonly Folder[];
}

/**
 * The official description of the Proxmox API. It is no part of this project and lies beside it where it is at hand;
 * undefined where it is not.
 */
export const official = existsSync(FILE) ? new Map(foldersOf(read())) : undefined;

export const WHERE = 'the official description of the Proxmox API is not at ../shared/data/proxmox-apidoc.json.gz';

function read(): readonly Folder[] {
  const { schema } = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as { schema: readonly Folder[] };
  return schema;
}

function* foldersOf(folders: readonly Folder[]): Generator<[string, Readonly<Record<string, OfficialMethod>>]> {
  for (const { path, info = {}, children = [] } of folders) {
    yield [path, info];
    yield* foldersOf(children);
  }
}

/** What the description says against these parameters, by name; empty when nothing. */
export function problemsOf(method: OfficialMethod, given: Readonly<Record<string, string>>): Record<string, string> {
  const { properties = {} } = method.parameters ?? {};
  const problems: Record<string, string> = {};
  for (const [name, { optional, type }] of Object.entries(properties))
    if (optional !== 1 && !(name in given) && type !== undefined && !name.endsWith('[n]'))
      problems[name] = 'property is missing and it is not optional';
  for (const [name, value] of Object.entries(given)) {
    const known = properties[name] ?? properties[name.replace(/\d+$/, '[n]')];
    const problem = known === undefined ? 'property is not defined in schema' : problemOf(known, value);
    if (problem !== undefined) problems[name] = problem;
  }
  return problems;
}

export function problemOf(known: Parameter, value: string): string | undefined {
  const { type, enum: words, pattern, minimum, maximum, maxLength, format } = known;
  if ((type === 'integer' || type === 'number') && !/^-?\d+(\.\d+)?$/.test(value))
    return `type check ('${type}') failed`;
  if (type === 'integer' && value.includes('.')) return "type check ('integer') failed";
  if (type === 'boolean' && !['0', '1'].includes(value)) return "type check ('boolean') failed";
  if (minimum !== undefined && Number(value) < Number(minimum)) return `value must have a minimum value of ${minimum}`;
  if (maximum !== undefined && Number(value) > Number(maximum)) return `value must have a maximum value of ${maximum}`;
  if (maxLength !== undefined && value.length > maxLength) return `value may only be ${maxLength} characters long`;
  if (words !== undefined && !words.includes(value)) return `value '${value}' does not have a value in the enumeration`;
  if (pattern !== undefined && !perl(pattern).test(value)) return 'value does not match the regex pattern';
  if (typeof format === 'string') return formatProblem(format, value);
  return format === undefined ? undefined : listProblem(format, value);
}

/** `model=virtio,bridge=vmbr0`: a list of properties in one text. */
function listProblem(format: Readonly<Record<string, Parameter>>, text: string): string | undefined {
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = at < 0 ? Object.keys(format).find((name) => format[name]?.default_key === 1) : part.slice(0, at);
    const known = key === undefined ? undefined : format[key];
    if (known === undefined) return `invalid format - format error: ${part}: property is not defined in schema`;
    const problem = known.alias === undefined ? problemOf(known, part.slice(at + 1)) : undefined;
    if (problem !== undefined) return `invalid format - ${key}: ${problem}`;
  }
  return undefined;
}

/** Perl writes its groups otherwise. */
const perl = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replaceAll('(?^:', '(?:').replaceAll('(?^i:', '(?:')})$`);
