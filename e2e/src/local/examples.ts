import { join } from 'node:path';

/** The manifests that users read; what is shown is what they have. */
export const EXAMPLES = join(import.meta.dirname, '../../../examples');
