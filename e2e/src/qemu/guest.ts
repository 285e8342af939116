import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../control-plane/places.ts';

const SOURCES = join(import.meta.dirname, '../../../hack/guest');
const NAME = 'guest';

/** Why no guest can run here, with what to do; undefined when one can. */
export function lacksGuests(): string | undefined {
  const missing = ['qemu-system-x86_64', 'qemu-img'].filter(
    (program) => spawnSync(program, ['--version']).status !== 0,
  );
  if (missing.length > 0)
    return `${missing.join(' and ')} not found: sudo apt-get update && sudo apt-get install --no-install-recommends qemu-system-x86 qemu-utils`;
  if (existsSync(join(imagesFolder(), NAME, 'initrd')) || spawnSync('apt-get', ['--version']).status === 0)
    return undefined;
  return 'the guest is built from Debian packages, and there is no apt-get here';
}

/** The folder that holds the image `guest`; built once for each version of its sources. */
export function guestImages(): string {
  const images = imagesFolder();
  if (!existsSync(join(images, NAME, 'initrd')))
    execFileSync(join(SOURCES, 'build.sh'), [join(images, NAME)], { stdio: ['ignore', 'inherit', 'inherit'] });
  return images;
}

function imagesFolder(): string {
  const text = ['build.sh', 'init'].map((file) => readFileSync(join(SOURCES, file), 'utf8')).join('');
  const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return cacheFolder(process.env, homedir(), 'images', key);
}
