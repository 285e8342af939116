import { codeOf, type Answer, type Exchange, isUnreached } from './exchange.ts';
import {
  discover,
  type Greeting,
  greetingOfDiscover,
  greetingOfInitialize,
  initialize,
  initialized,
  listTools,
  resultOf,
  type Session,
  sessionOf,
  toolsIn,
} from './mcp-messages.ts';
import type { Verdict } from './verdict.ts';

const PAGES = 10;

/** Asks for an MCP handshake, of either era, and for the names of tools; calls none. `where` names the server in sentences. */
export async function handshake(exchange: Exchange, url: URL, where: string): Promise<Verdict> {
  try {
    const modern = await unlessSlow(exchange.post(url, discover()));
    const result = modern && resultOf(modern.message);
    const greeting = result && greetingOfDiscover(result);
    if (greeting !== undefined) return await answers(exchange, url, greeting, undefined);
    return (modern && closed(modern, where)) ?? (await legacy(exchange, url, where));
  } catch (error) {
    return unanswered(error, where);
  }
}

/** Whether anything answers HTTP there. */
export async function knock(exchange: Exchange, url: URL, where: string): Promise<Verdict> {
  try {
    const { status } = await exchange.get(url);
    return status < 500 ? { state: 'Answers', serverInfo: undefined } : silent(where, `answers ${status}`);
  } catch (error) {
    return unanswered(error, where);
  }
}

async function legacy(exchange: Exchange, url: URL, where: string): Promise<Verdict> {
  const answer = await exchange.post(url, initialize());
  const result = resultOf(answer.message);
  const greeting = result && greetingOfInitialize(result);
  if (greeting === undefined) return closed(answer, where) ?? wrong(answer, where);
  const session = sessionOf(answer.session, greeting.serverInfo.protocolVersion ?? '');
  try {
    if (greeting.hasTools) await exchange.post(url, initialized(session));
    return await answers(exchange, url, greeting, session);
  } finally {
    if (answer.session !== undefined) await exchange.end(url, session);
  }
}

/** The number of its tools is a courtesy: a server that does not tell is no worse. */
async function answers(
  exchange: Exchange,
  url: URL,
  greeting: Greeting,
  session: Session | undefined,
): Promise<Verdict> {
  const tools = greeting.hasTools ? await countTools(exchange, url, session).catch(() => undefined) : undefined;
  return { state: 'Answers', serverInfo: { ...greeting.serverInfo, ...(tools === undefined ? {} : { tools }) } };
}

async function countTools(exchange: Exchange, url: URL, session: Session | undefined): Promise<number | undefined> {
  let count = 0;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const result = resultOf((await exchange.post(url, listTools(session, cursor))).message);
    if (result === undefined) return undefined;
    const { count: more, next } = toolsIn(result);
    count += more;
    if (next === undefined) return count;
    cursor = next;
  }
  return undefined;
}

/** An old server may leave a request it does not know unanswered. */
async function unlessSlow(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!SLOW.has(codeOf(error))) throw error;
    return undefined;
  }
}

const SLOW = new Set(['no answer in time', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_ABORTED']);

/** Answers that say nothing about what is behind them. */
function closed({ status }: Answer, where: string): Verdict | undefined {
  if (status === 401 || status === 403)
    return { state: 'Unreachable', why: `${where} asks for credentials (${status})` };
  return status >= 500 ? silent(where, `answers ${status}`) : undefined;
}

const wrong = ({ status, contentType }: Answer, where: string): Verdict => ({
  state: 'Wrong',
  why: `${where} answers ${status}${contentType === '' ? '' : ` ${contentType.split(';')[0] ?? ''}`}, which is not MCP: check the port and the path, or set spec.probe.type`,
});

const silent = (where: string, what: string): Verdict => ({ state: 'Silent', why: `${where} ${what}` });

const unanswered = (error: unknown, where: string): Verdict =>
  isUnreached(error)
    ? { state: 'Unreachable', why: `${where} is out of reach (${codeOf(error)})` }
    : silent(where, `does not answer (${codeOf(error)})`);
