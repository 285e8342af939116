import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsFor } from '../../testing/proxmox/harness.ts';
import { neededRights } from './rights.ts';

const script = readFileSync(join(import.meta.dirname, '../../../../hack/proxmox/setup.sh'), 'utf8');

test('the setup grants exactly what the preflight asks for', () => {
  const granted = [...script.matchAll(/^role \w+ '(?<privileges>[^']+)'/gm)].flatMap(({ groups }) =>
    (groups?.['privileges'] ?? '').split(' '),
  );
  const needed = neededRights({ settings: settingsFor('https://pve:8006', '') }).flatMap(
    ({ privileges }) => privileges,
  );

  expect(new Set(granted)).toEqual(new Set(needed));
});
