import * as z from 'zod';

/** A call of the Proxmox API that this provider makes: nothing else of it is ever called. */
export interface Method<A = unknown> {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Parameters beside those in the path. */
  readonly takes: readonly string[];
  readonly answers: z.ZodType<A>;
}

/** Numbers and booleans come as numbers, as strings, or not at all. */
const whole = z.coerce.number().int();
const flag = z.coerce.number().transform((value) => value === 1);
/** The UPID of a task; nothing where the work was done at once. */
const task = z.string().nullish();

export const Config = z.looseObject({
  digest: z.string().optional(),
  name: z.string().optional(),
  description: z.string().default(''),
  tags: z.string().default(''),
  lock: z.string().optional(),
  smbios1: z.string().default(''),
  protection: flag.default(false),
});
export type Config = z.output<typeof Config>;

export const Resource = z.object({
  vmid: whole,
  node: z.string(),
  status: z.string().default('unknown'),
  name: z.string().optional(),
  tags: z.string().default(''),
  pool: z.string().optional(),
  lock: z.string().optional(),
  template: flag.default(false),
  maxmem: z.coerce.number().default(0),
});
export type Resource = z.output<typeof Resource>;

export const Host = z.object({
  node: z.string(),
  status: z.string(),
  mem: z.coerce.number().default(0),
  maxmem: z.coerce.number().default(0),
});
export type Host = z.output<typeof Host>;

export const TaskStatus = z.object({ status: z.string(), exitstatus: z.string().optional() });

const method = <A>(verb: Method['verb'], path: string, takes: readonly string[], answers: z.ZodType<A>): Method<A> => ({
  verb,
  path,
  takes,
  answers,
});

const VM = '/nodes/{node}/qemu/{vmid}';
const STORAGE = '/nodes/{node}/storage/{storage}';
const CONFIGURED = 'cores sockets memory cpu tags smbios1 net0 ide2 protection onboot digest'.split(' ');

/** The calls by what they do. A test holds them against the official schema. */
export const METHODS = {
  version: method('GET', '/version', [], z.object({ version: z.string() })),
  permissions: method('GET', '/access/permissions', ['path'], z.record(z.string(), z.record(z.string(), z.unknown()))),
  machines: method('GET', '/cluster/resources', ['type'], z.array(Resource)),
  hosts: method('GET', '/nodes', [], z.array(Host)),
  isFree: method('GET', '/cluster/nextid', ['vmid'], whole),
  clone: method('POST', `${VM}/clone`, ['newid', 'name', 'description', 'pool', 'full', 'storage'], task),
  create: method(
    'POST',
    '/nodes/{node}/qemu',
    'vmid name description pool cores sockets memory cpu tags smbios1 net0 scsi0 scsihw boot ostype protection onboot'.split(
      ' ',
    ),
    task,
  ),
  config: method('GET', `${VM}/config`, [], Config),
  configure: method('PUT', `${VM}/config`, CONFIGURED, z.unknown()),
  grow: method('PUT', `${VM}/resize`, ['disk', 'size', 'digest'], task),
  power: method('GET', `${VM}/status/current`, [], z.object({ status: z.string(), lock: z.string().optional() })),
  start: method('POST', `${VM}/status/start`, [], task),
  shutdown: method('POST', `${VM}/status/shutdown`, ['timeout'], task),
  stop: method('POST', `${VM}/status/stop`, ['overrule-shutdown'], task),
  destroy: method('DELETE', VM, ['purge', 'destroy-unreferenced-disks'], task),
  task: method('GET', '/nodes/{node}/tasks/{upid}/status', [], TaskStatus),
  tasks: method('GET', '/nodes/{node}/tasks', ['source'], z.array(z.object({ upid: z.string() }))),
  upload: method('POST', `${STORAGE}/upload`, ['content', 'filename'], task),
  volumes: method('GET', `${STORAGE}/content`, ['content'], z.array(z.object({ volid: z.string() }))),
  discard: method('DELETE', `${STORAGE}/content/{volume}`, [], task),
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;
export type AnswerOf<N extends MethodName> = z.output<(typeof METHODS)[N]['answers']>;
