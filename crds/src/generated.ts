import { stringify } from 'yaml';
import { KINDS } from './kinds.ts';
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
    files.set(`crds/${kind.plural}.yaml`, yaml(crd));
    files.set(`${CHART}/${kind.plural}.yaml`, yaml(kept(crd)));
    files.set(`docs/reference/${kind.kind.toLowerCase()}.md`, referencePage(kind));
  }
  files.set('docs/reference/reasons.md', reasonsPage());
  return files;
}

/** kubectl and helm read YAML 1.1, in which a bare `n` or `on` is a boolean. */
const yaml = (document: SchemaNode): string =>
  HEADER + stringify(document, { version: '1.1', lineWidth: 140, aliasDuplicateObjects: false });

/** Uninstalling the chart keeps the CRDs, and with them everybody's objects. */
const kept = (crd: SchemaNode): SchemaNode => ({
  ...crd,
  metadata: { ...(crd['metadata'] as SchemaNode), annotations: { 'helm.sh/resource-policy': 'keep' } },
});
