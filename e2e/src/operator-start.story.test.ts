import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type ControlPlane, installCrds, startControlPlane } from './control-plane/control-plane.ts';
import { Daemon } from './system/daemon.ts';
import { serviceAccountKubeconfig } from './system/identity.ts';
import { freePort, installRights } from './system/system.ts';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ name: 'start' });
  await installRights(plane);
});
afterAll(() => plane.stop());

async function operatorWith(kubeconfig: string): Promise<{ operator: Daemon; url: string; log: () => string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'cortex-start-'));
  const port = await freePort();
  const operator = new Daemon({ name: 'operator', folder, kubeconfig, env: { CORTEX_HTTP_PORT: String(port) } });
  onTestFinished(async () => {
    await operator.end();
    rmSync(folder, { recursive: true });
  });
  return { operator, url: `http://127.0.0.1:${port}`, log: () => errorsIn(operator.log) };
}

const errorsIn = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { level: string; message: string })
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message);

test('a missing CRD at start names the command that installs it, and once installed the operator serves', async () => {
  const { operator, url, log } = await operatorWith(await serviceAccountKubeconfig(plane, 'cortex-operator'));
  const remedy = 'Install the CRDs with: kubectl apply --server-side -f crds/';
  await vi.waitFor(
    () => expect(log()).toContain(`The API server does not know allocations.cortex.automation. ${remedy}`),
    20_000,
  );
  expect((await fetch(`${url}/readyz`)).status).toBe(503);

  await installCrds(plane);

  await operator.answers(`${url}/readyz`);
});

test('an API server that does not answer is said once, and tried again', async () => {
  const nobody = (await serviceAccountKubeconfig(plane, 'cortex-operator')).replace(
    plane.server,
    `https://127.0.0.1:${await freePort()}`,
  );
  const { operator, log } = await operatorWith(nobody);
  await vi.waitFor(() => expect(log()).toHaveLength(1), 20_000);

  expect(log()).toEqual(['The API server does not answer; it is tried again until it does']);
  expect(readFileSync(operator.log, 'utf8')).not.toContain(' at ');
  expect(operator.running).toBe(true);
  expect(await operator.end()).toBe(0);
});
