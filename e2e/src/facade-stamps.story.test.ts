import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from './control-plane/control-plane.ts';
import { install } from './system/system.ts';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  await install(plane);
  await plane.kubectl(['create', 'clusterrolebinding', 'alice', '--clusterrole=cluster-admin', '--user=alice']);
});

afterAll(() => plane.stop());

const FACADE = 'system:serviceaccount:cortex-system:cortex-facade';

const allocation = (name: string, requestedBy?: string): string => `
apiVersion: cortex.automation/v1alpha1
kind: Allocation
metadata:
  name: ${name}
  namespace: default
  annotations: {${requestedBy === undefined ? '' : `cortex.automation/requested-by: "${requestedBy}"`}}
spec: {ttl: 1h}
`;

const apply = async (user: string, input: string): Promise<string> =>
  await plane.kubectl(['create', '-f', '-', '--as', user], { input });

test('nobody but the facade says of an object that somebody else requested it', async () => {
  // A policy counts a moment after it was made.
  const tried = ['create', '--dry-run=server', '-f', '-', '--as', 'alice'];
  const isRefused = async (): Promise<boolean> =>
    await plane.kubectl(tried, { input: allocation('forged', 'bob') }).then(
      () => false,
      () => true,
    );
  await expect.poll(isRefused, { timeout: 30_000 }).toBe(true);

  await expect(apply('alice', allocation('forged', 'bob'))).rejects.toThrow(
    'annotation cortex.automation/requested-by is for the facade to set; leave it as it is (unset) or set it to your own user name, alice',
  );
  expect(await apply(FACADE, allocation('for-bob', 'https://login.example#bob'))).toContain('created');
});

test('everybody may say that they did, or nothing', async () => {
  expect(await apply('alice', allocation('own', 'alice'))).toContain('created');
  expect(await apply('alice', allocation('plain'))).toContain('created');
});

test('what is said is not changed and not taken away, and does not stand in the way of other changes', async () => {
  await apply(FACADE, allocation('kept', 'bob'));
  const annotate = async (value: string): Promise<string> =>
    await plane.kubectl([
      'annotate',
      'alloc',
      'kept',
      '--overwrite',
      `cortex.automation/requested-by${value}`,
      '--as',
      'alice',
    ]);

  await expect(annotate('=carol')).rejects.toThrow('is for the facade to set');
  await expect(annotate('-')).rejects.toThrow('is for the facade to set');
  const patch = ['patch', 'alloc', 'kept', '--type=merge', '-p', '{"spec":{"ttl":"2h"}}', '--as', 'alice'];
  expect(await plane.kubectl(patch)).toContain('patched');
});
