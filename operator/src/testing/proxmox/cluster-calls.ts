import { privilegesOn, type Token } from './access.ts';
import { type Hypervisor, Refusal } from './hypervisor.ts';
import type { Act } from './machine-calls.ts';

/** The methods about the cluster, its tasks and its storages. */
export function clusterCalls(world: Hypervisor, tokenOf: (user: string) => Token): Record<string, Act> {
  const poolOf = (vmid: number): string | undefined => world.machines.get(vmid)?.pool;
  const sees = (user: string, vmid: number): boolean =>
    privilegesOn(tokenOf(user), `/vms/${vmid}`, poolOf).has('VM.Audit');
  return {
    'GET /version': () => ({ version: '9.1.3', release: '9.1', repoid: 'abcdef01' }),
    'GET /access/permissions': ({ path = '/' }, user) => ({
      [path]: Object.fromEntries([...privilegesOn(tokenOf(user), path, poolOf)].map((privilege) => [privilege, 1])),
    }),
    'GET /cluster/nextid': ({ vmid }) => {
      if (vmid !== undefined && world.machines.has(Number(vmid)))
        throw new Refusal(400, 'Parameter verification failed.', { vmid: `VM ${vmid} already exists` });
      return vmid ?? '100';
    },
    'GET /cluster/resources': (_given, user) =>
      [...world.machines.values()]
        .filter(({ vmid }) => sees(user, vmid))
        .map((machine) => {
          const { vmid, host, config, status, pool } = machine;
          return {
            id: `qemu/${vmid}`,
            type: 'qemu',
            vmid,
            node: host,
            pool,
            name: config['name'],
            lock: config['lock'],
            tags: config['tags']?.split(';').toSorted().join(';'),
            template: config['template'] === '1' ? 1 : 0,
            maxmem: Number(config['memory'] ?? 512) * 2 ** 20,
            status: world.hosts.get(host)?.online === true ? status : 'unknown',
          };
        }),
    'GET /nodes': () =>
      [...world.hosts].map(([node, { online, mem, maxmem }]) => ({
        node,
        id: `node/${node}`,
        status: online ? 'online' : 'offline',
        ...(online ? { mem, maxmem } : {}),
      })),
    'GET /nodes/{node}/tasks': ({ node, source }, user) =>
      [...world.tasks.values()]
        .filter(
          ({ host, upid, exitstatus }) =>
            host === node && upid.includes(`:${user}:`) && (source !== 'active' || exitstatus === undefined),
        )
        .map(({ upid, type }) => ({ upid, type })),
    'GET /nodes/{node}/tasks/{upid}/status': ({ upid = '' }) => {
      const task = world.tasks.get(upid);
      if (task === undefined) throw new Refusal(500, `no such task '${upid}'`);
      const { type, exitstatus } = task;
      return exitstatus === undefined
        ? { upid, type, status: 'running' }
        : { upid, type, status: 'stopped', exitstatus };
    },
    'GET /nodes/{node}/storage/{storage}/content': ({ storage = '' }) =>
      [...world.volumes].flatMap(([volid, bytes]) =>
        volid.startsWith(`${storage}:`) ? [{ volid, content: 'iso', format: 'iso', size: bytes.length }] : [],
      ),
    'DELETE /nodes/{node}/storage/{storage}/content/{volume}': ({ volume = '' }) => {
      if (!world.volumes.delete(volume)) throw new Refusal(500, `volume '${volume}' does not exist`);
      return null;
    },
  };
}
