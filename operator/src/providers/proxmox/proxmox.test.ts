import { describe, expect, test } from 'vitest';
import { proxmoxHarness } from '../../testing/proxmox/harness.ts';
import { official, WHERE } from '../../testing/proxmox/official.ts';
import { tasks } from '../contract/tasks.ts';
import { contract } from '../contract.ts';

/** Fifty machines over TLS take their time where others work too. */
const PATIENT = { timeout: 60_000 };

if (official === undefined) console.warn(`SKIPPED: ${WHERE}`);

describe.skipIf(official === undefined)('what every provider promises', () => {
  test.for(contract)('$title', PATIENT, async (promise) => {
    await expect(promise.run(await proxmoxHarness())).resolves.toBeUndefined();
  });
});

describe.skipIf(official === undefined)('what providers with tasks promise', () => {
  test.for(tasks)('$title', PATIENT, async (promise) => {
    await expect(promise.run(await proxmoxHarness())).resolves.toBeUndefined();
  });
});

describe.skipIf(official === undefined)('what every provider promises, making machines from an image', () => {
  const image = { hosts: [{ name: 'host-1' }, { name: 'host-2' }], image: 'local:import/talos.qcow2' };

  test.for([...contract, ...tasks])('$title', PATIENT, async (promise) => {
    await expect(promise.run(await proxmoxHarness(image))).resolves.toBeUndefined();
  });
});
