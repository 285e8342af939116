import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from '../control-plane/run.ts';
import { KUBERNETES } from '../control-plane/versions.ts';
import { helmBinary } from './binary.ts';

const CHARTS = join(import.meta.dirname, '../../../charts');
export const APP_CHART = join(CHARTS, 'cortex-resource-manager');
export const CRD_CHART = join(CHARTS, 'cortex-resource-manager-crds');
const CI = join(APP_CHART, 'ci');
const VALUES = '-values.yaml';

/** Names of the value sets in ci/, each an installation that somebody may want. */
export const valueSets = (): string[] =>
  readdirSync(CI).flatMap((file) => (file.endsWith(VALUES) ? [file.slice(0, -VALUES.length)] : []));

const valuesFile = (set: string): string => join(CI, `${set}${VALUES}`);

export const helm = async (...args: string[]): Promise<string> => await run(await helmBinary(), args);

/** One object as the chart makes it. */
export interface Rendered {
  /** The template it is from, below templates/. */
  readonly template: string;
  readonly text: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly [field: string]: unknown;
  };
}

/** Helm alone makes it, and only at that moment of a release's life. */
export const isHook = ({ object }: Rendered): boolean => object.metadata.annotations?.['helm.sh/hook'] !== undefined;

/** What the chart makes of a value set, in the order in which Helm installs it. */
export async function rendered(set: string): Promise<Rendered[]> {
  const where = ['--namespace', 'cortex-system', '--kube-version', KUBERNETES];
  const yaml = await helm('template', 'cortex', APP_CHART, ...where, '--values', valuesFile(set));
  return yaml.split(/^---\n/m).flatMap((text) => {
    const template = /^# Source: [^/]+\/templates\/(?<file>\S+)/.exec(text)?.groups?.['file'];
    const [document] = parseAllDocuments(text);
    if (template === undefined || document === undefined || document.contents === null) return [];
    const body = text.replace(/^# Source: .*\n/, '').trim();
    return [{ template, text: body, object: document.toJS() as Rendered['object'] }];
  });
}

/** What Helm says after the installation. */
export async function notes(set: string): Promise<string> {
  const where = ['--namespace', 'cortex-system', '--values', valuesFile(set)];
  const said = await helm('install', 'cortex', APP_CHART, '--dry-run=client', ...where);
  return said.slice(said.indexOf(NOTES) + NOTES.length);
}

const NOTES = 'NOTES:\n';
