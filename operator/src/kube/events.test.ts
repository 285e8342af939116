import { expect, onTestFinished, test, vi } from 'vitest';
import { thing } from '../testing/objects.ts';
import { refusal, ScriptedClient } from '../testing/scripted-client.ts';
import { EventRecorder } from './events.ts';

interface World {
  readonly server: ScriptedClient;
  readonly recorder: EventRecorder;
  readonly problems: unknown[];
  readonly reasons: () => unknown[];
}

function world(options: { perSecond?: number } = {}): World {
  const [server, problems] = [new ScriptedClient(), new Array<unknown>()];
  const recorder = new EventRecorder({
    client: server.client,
    component: 'cortex.automation/operator',
    instance: 'operator-0',
    onProblem: (error) => problems.push(error),
    ...options,
  });
  return { server, recorder, problems, reasons: () => server.creates.map((event) => Reflect.get(event, 'reason')) };
}

const ready = { type: 'Normal', reason: 'Ready', message: 'is ready' } as const;
const failed = { type: 'Warning', reason: 'ProvisioningFailed', message: 'no' } as const;

test('an Event is told once per change of reason', async () => {
  const { recorder, reasons } = world();
  const object = thing('a', 1);
  for (const occasion of [failed, failed, { ...failed, message: 'another number' }, ready, failed])
    recorder.record(object, occasion);
  await recorder.flush();

  expect(reasons()).toEqual(['ProvisioningFailed', 'Ready', 'ProvisioningFailed']);
});

test('objects are told apart by UID', async () => {
  const { recorder, reasons } = world();
  recorder.record(thing('a', 1), ready);
  recorder.record(thing('a', 2, { uid: 'another' }), ready);
  await recorder.flush();

  expect(reasons().length).toBe(2);
});

test('an Event names the object, who says it and when', async () => {
  const { recorder, server } = world();
  recorder.record(thing('a', 1), { ...failed, message: 'x'.repeat(5000) });
  await recorder.flush();

  expect(server.creates[0]).toMatchObject({
    metadata: { namespace: 'default' },
    type: 'Warning',
    reason: 'ProvisioningFailed',
    action: 'ProvisioningFailed',
    regarding: { kind: 'Thing', namespace: 'default', name: 'a', uid: 'uid-of-a' },
    reportingController: 'cortex.automation/operator',
    reportingInstance: 'operator-0',
  });
  expect(String(Reflect.get(server.creates[0] ?? {}, 'note')).length).toBeLessThanOrEqual(1024);
});

test('nothing fails because an Event could not be written', async () => {
  const { recorder, server, problems } = world();
  server.before = () => {
    throw refusal(403, 'Forbidden');
  };
  recorder.record(thing('a', 1), ready);
  await recorder.flush();

  expect(problems).toMatchObject([{ status: 403 }]);
});

test('a server that does not answer costs no more memory than a thousand Events', () => {
  const { recorder, server, problems } = world();
  server.before = () => new Promise(() => undefined);
  for (let at = 0; at < 3_000; at++) recorder.record(thing(`t${at}`, 1), ready);

  expect(problems.length).toBe(3_000 - 1_000 - 4);
});

test('a burst of Events is told at a pace, so that it takes nothing from the work', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { server, recorder } = world({ perSecond: 20 });
  for (let at = 0; at < 200; at++) recorder.record(thing(`t${at}`, 1), ready);

  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.creates.length).toBeGreaterThanOrEqual(20);
  expect(server.creates.length).toBeLessThanOrEqual(28);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.creates.length).toBe(200);
});

test('what an object says while a burst is told takes the place of what nobody has heard yet; a Warning is told all the same', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { recorder, server } = world({ perSecond: 20 });
  const told = (name: string) =>
    server.creates
      .filter((event) => Reflect.get(event, 'regarding').name === name)
      .map((event) => Reflect.get(event, 'reason'));
  for (let at = 0; at < 20; at++) recorder.record(thing(`t${at}`, 1), ready);
  for (const name of ['up', 'up', 'down']) recorder.record(thing(name, 1), { ...ready, reason: 'Provisioning' });
  recorder.record(thing('down', 2), failed);
  for (const name of ['up', 'down']) recorder.record(thing(name, 3), ready);

  await vi.advanceTimersByTimeAsync(10_000);
  expect(told('up')).toEqual(['Ready']);
  expect(told('down')).toEqual(['ProvisioningFailed', 'Ready']);
});
