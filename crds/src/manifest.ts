import { stringify } from 'yaml';
import type { SchemaNode } from './schema-node.ts';

/** A document as YAML. kubectl and helm read version 1.1, in which a bare `n` or `on` is a boolean. */
export const manifest = (document: SchemaNode): string =>
  stringify(document, { version: '1.1', lineWidth: 140, aliasDuplicateObjects: false });
