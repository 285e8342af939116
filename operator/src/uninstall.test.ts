import { expect, onTestFinished, test } from 'vitest';
import { bookmark } from './testing/objects.ts';
import { refuse, type Script, ScriptedServer, sendFrames } from './testing/scripted-server.ts';
import { mayUninstall } from './uninstall.ts';

async function look(script: Script): Promise<{ code: number; said: string }> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  let said = '';
  const code = await mayUninstall(server.kubeConfig(), (text) => void (said += text));
  return { code, said };
}

test('what cannot be read is told of, and read again', async () => {
  let calls = 0;
  const { code, said } = await look((_request, response) => {
    if (calls++ === 0) return refuse(response, 500, 'NotYet');
    return sendFrames(response, bookmark(1, true));
  });

  expect(code).toBe(0);
  expect(said).toMatch(/^[a-z]+ cannot be read, and are tried again: .*scripted NotYet\n$/);
});

test('a kind that the cluster does not know has no objects, and one that may not be read cannot be judged', async () => {
  expect((await look((_request, response) => refuse(response, 404, 'NotFound'))).code).toBe(0);
  await expect(look((_request, response) => refuse(response, 403, 'Forbidden'))).rejects.toThrow('scripted Forbidden');
});
