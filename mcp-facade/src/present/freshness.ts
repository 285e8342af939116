import type { Call } from '../call.ts';
import { instant } from './units.ts';

/** Until when the shared copies are known to be whole. */
export const asOf = (call: Call): string => instant(new Date(call.now().getTime() - call.cluster.outageMs));
