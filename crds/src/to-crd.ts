import { explained } from './explained.ts';
import type { KindSource } from './kind.ts';
import { API_VERSION, GROUP, VERSION } from './names.ts';
import type { SchemaNode } from './schema-node.ts';
import { structural } from './structural.ts';

/** The CustomResourceDefinition of a kind. Pure; throws NotStructural for what Kubernetes cannot express. */
export function toCrd(source: KindSource): SchemaNode {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${source.plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: source.scope,
      names: {
        kind: source.kind,
        listKind: `${source.kind}List`,
        plural: source.plural,
        singular: source.kind.toLowerCase(),
        shortNames: source.shortNames,
        categories: ['cortex'],
      },
      versions: [version(source)],
    },
  };
}

const version = (source: KindSource): SchemaNode => ({
  name: VERSION,
  served: true,
  storage: true,
  additionalPrinterColumns: source.columns,
  ...(source.selectableFields === undefined
    ? {}
    : { selectableFields: source.selectableFields.map((jsonPath) => ({ jsonPath })) }),
  subresources: { status: {}, ...(source.scale === undefined ? {} : { scale: source.scale }) },
  schema: { openAPIV3Schema: root(source) },
});

function root({ kind, description, spec, status, rules }: KindSource): SchemaNode {
  return {
    type: 'object',
    description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: `${API_VERSION}.` },
      kind: { type: 'string', description: `${kind}.` },
      metadata: { type: 'object' },
      spec: { ...explained(structural(spec)), description: 'What is wanted.' },
      status: { ...explained(structural(status)), description: 'What is known; written by the operator.' },
    },
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules.map(({ holds: _twin, ...cel }) => cel) }),
  };
}
