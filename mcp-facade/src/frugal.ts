import { setFlagsFromString } from 'node:v8';

/**
 * The facade waits more than it works, beside others that need the memory: V8 collects early rather than let the heap grow,
 * and compiles what is hot by the compiler that takes little. Imported first, before anything is compiled. What a V8 that
 * runs does not take any more is in hack/images/Dockerfile.
 */
for (const flag of ['--optimize-for-size', '--no-turbofan']) setFlagsFromString(flag);
