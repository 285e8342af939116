import { type EndpointSlice, EndpointSlices } from '../kube/apps.ts';
import type { KubeClient } from '../kube/client.ts';
import { isForbidden } from '../kube/errors.ts';
import type { Exchange } from './exchange.ts';
import { handshake, knock } from './handshake.ts';
import { bracketed } from './service.ts';
import type { Question, Verdict } from './verdict.ts';

/** Of many replicas so many are asked, one after the other, until one answers. */
const ASKED = 3;

/**
 * Asks a server at the ready endpoints of its Service. They are read when they are needed: the slices of a whole cluster
 * change with every pod, and a copy of them would cost more than it saves.
 */
export async function ring(client: KubeClient, exchange: Exchange, question: Question): Promise<Verdict> {
  const { namespace, service, port, path, type } = question;
  const where = `Service ${service} port ${port.name ?? port.number} at ${path}`;
  try {
    const labelSelector = `kubernetes.io/service-name=${service}`;
    const hosts = hostsIn(await client.list(EndpointSlices, { namespace, labelSelector }), question);
    if (hosts.length === 0) return { state: 'NoEndpoints', why: `Service ${service} has no ready endpoint` };
    let last: Verdict | undefined;
    for (const host of hosts.slice(0, ASKED)) {
      last = await (type === 'Mcp' ? handshake : knock)(exchange, urlOf(host, path), where);
      if (last.state === 'Answers') return last;
    }
    return last ?? { state: 'NoEndpoints', why: `Service ${service} has no ready endpoint` };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { state: 'Forbidden', why: 'The operator may not list endpointslices: grant its ServiceAccount that right' };
  }
}

/** Whatever the path says, it names no other host. */
function urlOf(host: string, path: string): URL {
  const url = new URL(`http://${host}`);
  const [pathname = '/', ...query] = path.split('?');
  url.pathname = pathname;
  url.search = query.join('?');
  return url;
}

/** `host:port` of every ready endpoint, in an order that stays. */
function hostsIn(slices: readonly EndpointSlice[], { port }: Question): string[] {
  const hosts = slices.flatMap((slice) => {
    const number = port.direct ? port.number : portIn(slice, port.name);
    const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return number === undefined
      ? []
      : ready.flatMap(({ addresses }) => addresses.slice(0, 1)).map((host) => `${bracketed(host)}:${number}`);
  });
  return [...new Set(hosts)].toSorted();
}

/** Slices repeat the names of the Service's ports; the only port of a Service has none. */
const portIn = ({ ports }: EndpointSlice, name: string | undefined): number | undefined =>
  (ports ?? []).find((each) => (each.name ?? '') === (name ?? ''))?.port;
