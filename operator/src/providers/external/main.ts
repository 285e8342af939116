import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connect } from '../proxmox/trust.ts';
import { ExternalClient, sendOver } from './client.ts';
import { conformance } from './conformance.ts';
import { ExternalProvider } from './external.ts';

const USAGE = `usage: npm run conform -- --url https://machines.example.com --key-file KEY [--ca FILE | --fingerprint SHA256]

Makes and ends a few machines of the cluster "conformance", and says which promises the service keeps.`;

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

const now = (): Date => new Date();

/** Holds a service to what it can be held to from outside; answers the exit code. */
async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { url: text, 'key-file': text, ca: text, fingerprint: text } });
  const { url, ca, fingerprint } = values;
  if (url === undefined || values['key-file'] === undefined) {
    console.error(USAGE);
    return 2;
  }
  const dispatcher = connect({
    insecureSkipVerify: false,
    ...(ca === undefined ? {} : { caBundle: readFileSync(ca, 'utf8') }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  });
  const asked = (key: string) => new ExternalProvider(new ExternalClient(sendOver(dispatcher, url, key, now)));
  const key = readFileSync(values['key-file'], 'utf8').trim();
  let broken = 0;
  for (const { title, run } of conformance) {
    const failure = await run({ provider: asked(key), stranger: asked(`not-${key}`), now }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    console.log(failure === undefined ? `kept   ${title}` : `BROKEN ${title}\n       ${failure}`);
    broken += Number(failure !== undefined);
  }
  await dispatcher.close();
  return broken === 0 ? 0 : 1;
}
