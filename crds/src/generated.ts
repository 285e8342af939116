import { KINDS } from './kinds.ts';
import { manifest } from './manifest.ts';
import { reasonsPage, referencePage } from './reference.ts';
import type { SchemaNode } from './schema-node.ts';
import { toCrd } from './to-crd.ts';

const CHART = 'charts/cortex-resource-manager-crds/templates';
const HEADER = '# Generated from crds/src by `npm run generate`; edits are lost.\n';

/** Every generated file: its path in the project, and its text. */
export function generated(): Map<string, string> {
  const files = new Map<string, string>();
  for (const kind of KINDS) {
    const crd = toCrd(kind);
    files.set(`crds/${kind.plural}.yaml`, HEADER + manifest(crd));
    files.set(`${CHART}/${kind.plural}.yaml`, HEADER + manifest(kept(crd)));
    files.set(`docs/reference/${kind.kind.toLowerCase()}.md`, referencePage(kind));
  }
  files.set('docs/reference/reasons.md', reasonsPage());
  return files;
}

/** Uninstalling the chart keeps the CRDs, and with them everybody's objects; ArgoCD keeps them too, and applies them first. */
const kept = (crd: SchemaNode): SchemaNode => ({
  ...crd,
  metadata: {
    ...(crd['metadata'] as SchemaNode),
    annotations: {
      'helm.sh/resource-policy': 'keep',
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'argocd.argoproj.io/sync-wave': '-1',
    },
  },
});
