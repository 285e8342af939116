import type { ServerResponse } from 'node:http';
import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { AskUser } from '../confirm.ts';
import type { Peer } from '../peer.ts';
import { SELF } from '../server.ts';
import type { Toolbox } from '../toolbox.ts';
import { Answer } from './answer.ts';
import { leftBy } from './left.ts';
import type { ToolCall } from './tool-call.ts';

/** Answers a call of a tool that is here, whichever era it comes from: they differ in what goes around the result. */
export async function answerCall(
  call: ToolCall,
  response: ServerResponse,
  toolbox: Toolbox,
  { principal, granted }: Peer,
): Promise<void> {
  const answer = new Answer(response);
  const result = await toolbox.call(call.name, call.args, {
    caller: { principal, client: call.client },
    granted,
    traceparent: call.traceparent,
    signal: leftBy(response),
    progress: progressOf(call, answer),
  });
  if (result === undefined || result instanceof AskUser) throw new TypeError(`${call.name} has no result`);
  if (!response.destroyed) answer.end({ jsonrpc: '2.0', id: call.id, result: { ...result, ...AROUND[call.era] } });
}

const AROUND = {
  legacy: {},
  modern: { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: SELF } },
};

function progressOf({ progressToken }: ToolCall, answer: Answer): ((message: string) => void) | undefined {
  if (progressToken === undefined) return undefined;
  let progress = 0;
  return (message) => {
    const params = { progressToken, progress: ++progress, message };
    answer.tell({ jsonrpc: '2.0', method: 'notifications/progress', params });
  };
}
