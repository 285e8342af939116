import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const ANSWER_MS = 2_000;
const BUSY_MS = 20;
const TRIES = 50;

/** QEMU said no. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
}

/** As many are waiting for it as may. */
class Busy extends QmpError {}

/** The conversations under way here, by socket. */
const talking = new Map<string, Promise<unknown>>();

/**
 * Talks with the machine behind this socket; undefined when nobody listens there. Throws when it does not answer in time.
 * A machine listens to one at a time, and lets one more wait: the others of this process wait here, those of another
 * process try again.
 */
export async function talk<A>(socketPath: string, speak: (qmp: Qmp) => Promise<A>): Promise<A | undefined> {
  const before = talking.get(socketPath) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(async () => await converse(socketPath, speak));
  const ended = turn.catch(() => undefined);
  talking.set(socketPath, ended);
  try {
    return await turn;
  } finally {
    if (talking.get(socketPath) === ended) talking.delete(socketPath);
  }
}

async function converse<A>(socketPath: string, speak: (qmp: Qmp) => Promise<A>, tries = TRIES): Promise<A | undefined> {
  const socket = connect(socketPath);
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new QmpError(`no answer within ${ANSWER_MS} ms`)));
  try {
    const qmp = await Qmp.greet(socket).catch(ifNobody);
    return qmp === undefined ? undefined : await speak(qmp);
  } catch (error) {
    if (!(error instanceof Busy) || tries === 0) throw error;
  } finally {
    socket.destroy();
  }
  await pause(BUSY_MS);
  return await converse(socketPath, speak, tries - 1);
}

const ifNobody = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return undefined;
  if (error.code === 'EAGAIN') throw new Busy('it is talking with others');
  throw error instanceof QmpError ? error : new QmpError(error.message, { cause: error });
};

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

/** One conversation: commands one after another, each with its answer; events in between are not ours. */
export class Qmp {
  readonly #socket: Socket;
  /** When the machine hung up, as it does at its end. */
  readonly ended: Promise<void>;
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket })
      .on('line', (line) => this.#hear(JSON.parse(line) as Reply))
      .on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    socket.once('error', (error) => this.#end(error));
    socket.once('close', () => {
      this.#end(new QmpError('the machine hung up'));
      resolve();
    });
  }

  static async greet(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.run('qmp_capabilities');
    return qmp;
  }

  async run<A>(execute: string, args?: object): Promise<A> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#waiting.push({ resolve, reject });
    this.#socket.write(`${JSON.stringify({ execute, ...(args === undefined ? {} : { arguments: args }) })}\n`);
    const { error, return: answer } = await promise;
    if (error !== undefined) throw new QmpError(`${execute}: ${error.desc}`);
    return answer as A;
  }

  #hear(reply: Reply): void {
    if ('return' in reply || 'error' in reply) this.#waiting.shift()?.resolve(reply);
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
