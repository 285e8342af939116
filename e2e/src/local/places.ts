import { join } from 'node:path';

/** The cluster that `make up` keeps; `npm run cluster` knows it by this name too. */
export const CLUSTER = 'local';

/** All that `make up` keeps. */
export const LOCAL = join(import.meta.dirname, '../../../.local');

/** Where `make up` keeps what a person looks for. */
export const LOCAL_FILES = {
  kubeconfig: join(LOCAL, 'kubeconfig'),
  logs: join(LOCAL, 'logs'),
  /** Kubeconfigs and pids of the processes that run. */
  run: join(LOCAL, 'run'),
} as const;
