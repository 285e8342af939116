import { onTestFinished } from 'vitest';
import type { Harness, Machine } from '../../providers/contract/harness.ts';
import type { ErrorClass } from '../../providers/errors.ts';
import { ExternalClient, type Incoming, type Send, sendOver } from '../../providers/external/client.ts';
import { ExternalProvider } from '../../providers/external/external.ts';
import { Faults } from '../../providers/faults.ts';
import { connect } from '../../providers/proxmox/trust.ts';
import { selfSigned } from '../certificate.ts';
import { CLUSTER, requestOf } from '../proxmox/harness.ts';
import { ExternalService, type Kept } from './service.ts';

/** An answer that is given in place of the real one. */
class Answered extends Error {
  readonly answer: Incoming;

  constructor(status: number, of?: ErrorClass, retryAfter?: string) {
    super(String(status));
    const body = of === undefined ? '<html>no</html>' : JSON.stringify({ error: { class: of, message: 'said no' } });
    this.answer = { status, body, retryAfter };
  }
}

const shaken =
  (send: Send, faults: Faults): Send =>
  async (call, signal) => {
    try {
      return await faults.around(call.method === 'GET' ? 'read' : 'change', () => send(call, signal));
    } catch (error) {
      if (error instanceof Answered) return error.answer;
      throw error;
    }
  };

const REFUSALS: readonly (readonly [Error, ErrorClass])[] = [
  [new Error('other side closed'), 'Transient'],
  [new Answered(401), 'Unauthorized'],
  [new Answered(409, 'Conflict'), 'Conflict'],
  [new Answered(429, 'Throttled', '7'), 'Throttled'],
  [new Answered(502), 'Transient'],
  [new Answered(507), 'Capacity'],
  [new Answered(422, 'Quota'), 'Quota'],
];

export interface ExternalHarness extends Harness {
  readonly service: ExternalService;
}

/** A service of its own, and a provider over TLS. */
export async function externalHarness(): Promise<ExternalHarness> {
  let now = Date.parse('2026-01-01T10:00:00Z');
  const certificate = selfSigned('service');
  const service = await ExternalService.start(() => new Date(now), certificate);
  const dispatcher = connect({ caBundle: certificate.cert, insecureSkipVerify: false });
  onTestFinished(async () => {
    await dispatcher.close();
    await service[Symbol.asyncDispose]();
  });
  const faults = new Faults();
  const provider = (): ExternalProvider =>
    new ExternalProvider(
      new ExternalClient(
        shaken(
          sendOver(dispatcher, service.url, 'a-canary-key', () => new Date(now)),
          faults,
        ),
      ),
    );
  const machine = (id: string): Kept => service.machines.get(id) as Kept;
  return {
    service,
    provider: provider(),
    restarted: provider,
    faults,
    lost: new Error('other side closed'),
    refusals: REFUSALS,
    clusterId: CLUSTER,
    request: requestOf,
    now: () => new Date(now),
    pass: (ms) => void (now += ms),
    world: {
      machines: async () => [...service.machines.values()].map(asMachine),
      plant: async ({ clusterId, workerUid }, id = workerUid) => {
        const planted: Kept = { id, clusterId, workerUid, size: {}, seed: undefined, state: 'running', readyAt: 0 };
        service.machines.set(id, planted);
        return asMachine(planted);
      },
      switchOff: async (id) => void (machine(id).state = 'stopped'),
      destroy: async (id) => void service.machines.delete(id),
    },
  };
}

const asMachine = (kept: Kept): Machine => ({
  id: kept.id,
  clusterId: kept.clusterId,
  workerUid: kept.workerUid,
  text: JSON.stringify(kept),
});
