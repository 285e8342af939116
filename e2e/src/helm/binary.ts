import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isProgram } from '../control-plane/binaries.ts';
import { fillOnce } from '../control-plane/fill-once.ts';
import { goBuild, goBuildKey, type GoModule } from '../control-plane/go-build.ts';
import { cacheFolder } from '../control-plane/places.ts';
import { run } from '../control-plane/run.ts';

/** What hack/helm pins; a change there is a change here. */
const HELM = 'v4.3.1';

const MODULE: GoModule = {
  name: 'helm',
  folder: join(import.meta.dirname, '../../../hack/helm'),
  packages: ['helm.sh/helm/v4/cmd/helm'],
  ldflags: ` -X helm.sh/helm/v4/internal/version.version=${HELM}`,
  instead: `put helm ${HELM} on PATH`,
};

let found: Promise<string> | undefined;

/** The helm of PATH where it is of the pinned version, else the one in the cache, built there first where it is not. */
export const helmBinary = (say: (line: string) => void = console.error): Promise<string> => (found ??= find(say));

async function find(say: (line: string) => void): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const helm = join(folder, 'helm');
    if (folder !== '' && isProgram(helm) && (await isPinned(helm))) return helm;
  }
  const folder = cacheFolder(process.env, homedir(), 'helm', goBuildKey([HELM], [MODULE]));
  if (!isProgram(join(folder, 'helm'))) await build(folder, say);
  return join(folder, 'helm');
}

async function isPinned(helm: string): Promise<boolean> {
  const version = await run(helm, ['version', '--short']).catch(() => '');
  return version.startsWith(HELM);
}

async function build(folder: string, say: (line: string) => void): Promise<void> {
  const fill = async (draft: string) => {
    say(`building helm ${HELM} into ${folder}: about three minutes on two cores, once`);
    await goBuild(MODULE, draft, say);
  };
  await fillOnce(folder, fill, (pid) => say(`waiting for process ${pid}, which is building helm`));
}
