import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const MOST = 16;
const BUSY = 5;

/**
 * Who a process outside a pod is (contract S10): what a file says that is held under an exclusive lock while it runs. One
 * that is started again is who it was; a second one beside it takes the next file, and is somebody else. The lock is the
 * kernel's, by way of SQLite, so a killed process holds nothing.
 */
export function localIdentity(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let slot = 0; slot < MOST; slot++) {
      const held = hold(join(folder, `operator-${slot}.identity`));
      if (held !== undefined) return held;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Who this operator is cannot be kept in ${folder} (${why}): ${WAY_OUT}`, { cause: error });
  }
  throw new Error(`${MOST} operators run from ${folder}: ${WAY_OUT}`);
}

const WAY_OUT = 'set CORTEX_IDENTITY to a name that no other operator has';

/** Undefined while another process is who this file says. */
function hold(file: string): string | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE'); // in this mode COMMIT keeps the lock
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === BUSY) return undefined;
    throw error;
  }
  database.exec('CREATE TABLE IF NOT EXISTS operator (identity TEXT NOT NULL)');
  const known = database.prepare('SELECT identity FROM operator').get();
  const identity = String(known?.['identity'] ?? `${hostname().slice(0, 200)}_${randomUUID()}`);
  if (known === undefined) database.prepare('INSERT INTO operator VALUES (?)').run(identity);
  database.exec('COMMIT');
  HELD.add(database);
  return identity;
}

/** A database that nothing refers to any more is closed, and its lock is gone. */
const HELD = new Set<DatabaseSync>();
