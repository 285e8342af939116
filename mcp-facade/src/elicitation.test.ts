import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { condition, readyWorker } from './testing/objects.ts';
import { served } from './testing/served.ts';

const DRAINED = { conditions: [condition('Drained', 'True', 'Drained')] };

type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: { confirm: boolean } };

/** A client whose user answers so, and what the user was asked. */
async function asked(answer: Answer, capabilities: object = { elicitation: {} }) {
  const { url, cluster } = await served({ confirmation: true });
  cluster.put('workers', readyWorker('burst-1', { status: DRAINED }));
  const questions: string[] = [];
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  if ('elicitation' in capabilities)
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return answer;
    });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const result = await client.callTool({ name: 'destroy_worker', arguments: { worker_id: 'burst-1' } });
  await client.close();
  return { questions, cluster, result: result.structuredContent };
}

test('a client that can ask its user asks, and the user’s yes is enough', async () => {
  const { questions, result } = await asked({ action: 'accept', content: { confirm: true } });

  expect(questions).toEqual(['The machine of worker burst-1 is destroyed and its Node removed. It is drained. Go on?']);
  expect(result).toMatchObject({ status: 'destroyed' });
});

test.for([{ action: 'decline' }, { action: 'cancel' }, { action: 'accept', content: { confirm: false } }] as const)(
  'a user who answers %o keeps the worker',
  async (answer) => {
    const { result, cluster } = await asked(answer);

    expect(result).toMatchObject({ code: 'forbidden', error: 'The user did not agree' });
    expect(cluster.writes).toEqual([]);
  },
);

test.for([{}, { elicitation: { url: {} } }])(
  'a client with capabilities %o is given a token instead',
  async (capabilities) => {
    const { result, questions } = await asked({ action: 'accept', content: { confirm: true } }, capabilities);

    expect(questions).toEqual([]);
    expect(result).toMatchObject({ code: 'confirmation_required' });
  },
);
