import { setFlagsFromString } from 'node:v8';

const LOOK_EVERY_MS = 500;
/** Of the time since the last look, how much the event loop may have worked for this to be quiet. */
const QUIET = 0.1;
/** Quiet looks in a row that are rest; one that is not ends it, so that a burst does not begin with collecting. */
const LOOKS = 4;

/** How much of the time since the last look the event loop worked. */
function utilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization: share } = performance.eventLoopUtilization(now, last);
    last = now;
    return share;
  };
}

/**
 * V8 lets the heap grow with a burst, and keeps all of it for a process that allocates little afterwards. So while the event
 * loop rests V8 is told to favour memory: it collects what the burst left in small steps and gives the pages back. Under load it
 * favours speed: collecting early all the time would cost a quarter more CPU. V8 reads this flag anew whenever it decides about
 * collecting, so it may change while it runs, which is not so of flags in general.
 * Returns the call that ends it.
 */
export function giveBackAtRest(busy: () => number = utilization(), setFlag = setFlagsFromString): () => void {
  let [quietLooks, resting] = [0, false];
  const timer = setInterval(() => {
    quietLooks = busy() < QUIET ? quietLooks + 1 : 0;
    const rests = quietLooks >= LOOKS;
    if (rests === resting) return;
    resting = rests;
    setFlag(rests ? '--optimize-for-size' : '--no-optimize-for-size');
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
