import { demo } from './demo.ts';
import { demoOnMachines } from './demo-machines.ts';
import { down } from './down.ts';
import { up } from './up.ts';

const USAGE = `usage: npm run local <verb>

  demo    the main job on a real local cluster, start to end;
          PROVIDER=qemu: on real virtual machines
  up      the same system, left running
  down    stop it and leave nothing`;

const VERBS: Readonly<Record<string, () => Promise<void>>> = { demo: chosenDemo, up, down };

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (let each = error; each instanceof Error; each = each.cause) console.error(each.message);
  return 1;
});

async function main([verb = '', ...rest]: string[]): Promise<number> {
  const act = VERBS[verb];
  if (act === undefined || rest.length > 0) {
    console.error(USAGE);
    return 2;
  }
  await act();
  return 0;
}

async function chosenDemo(): Promise<void> {
  const provider = process.env['PROVIDER'] || 'kwok';
  const chosen = { kwok: demo, qemu: demoOnMachines }[provider];
  if (chosen === undefined) throw new Error(`PROVIDER=${provider} is unknown: kwok or qemu`);
  await chosen();
}
