import { setFlagsFromString } from 'node:v8';

/**
 * The facade waits more than it works, beside others that need the memory: V8 collects early rather than let the heap grow,
 * and compiles what is hot once, not twice. Imported first, before anything is compiled.
 */
for (const flag of ['--optimize-for-size', '--no-maglev']) setFlagsFromString(flag);
