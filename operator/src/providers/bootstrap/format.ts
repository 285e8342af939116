import { invalid } from './template.ts';

type Format = 'CloudConfig' | 'Talos' | 'Ignition' | 'Raw';

/** Throws Invalid, with the fix, for user data that its machine would ignore. */
export function assertFormat(format: Format, userData: string): void {
  const firstLine = userData.split('\n', 1)[0]?.trim() ?? '';
  if (format === 'CloudConfig' && !/^(#cloud-config|#!|Content-Type:|MIME-Version:|## template: jinja)/.test(firstLine))
    throw invalid(
      'user-data must begin with #cloud-config, or cloud-init ignores it: add that line, or set bootstrap.format',
    );
  if (format === 'Talos' && firstLine.startsWith('#cloud-config'))
    throw invalid('Talos ignores user-data that begins with #cloud-config: use the machine configuration itself');
  if (format === 'Talos' && !/^machine:/m.test(userData))
    throw invalid(
      'user-data holds no Talos machine configuration: it needs the whole worker.yaml of talosctl gen config',
    );
  if (format === 'Ignition' && !isJson(userData)) throw invalid('user-data is no JSON, as Ignition needs it');
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
