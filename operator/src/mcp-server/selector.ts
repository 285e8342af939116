import { type LabelSelector, matches } from '../admission/label-selector.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];
type Labels = Readonly<Record<string, string>>;

const KEY = String.raw`(?<key>(?:[a-z0-9][-a-z0-9.]*/)?[A-Za-z0-9][-A-Za-z0-9_.]*)`;
const VALUE = String.raw`(?<value>[-A-Za-z0-9_.]*)`;
const FORMS: readonly [RegExp, (key: string, values: string[]) => Requirement][] = [
  [new RegExp(`^${KEY}\\s*==?\\s*${VALUE}$`), (key, values) => ({ key, operator: 'In', values })],
  [new RegExp(`^${KEY}\\s*!=\\s*${VALUE}$`), (key, values) => ({ key, operator: 'NotIn', values })],
  [new RegExp(`^${KEY}\\s+in\\s*\\((?<value>[^()]*)\\)$`), (key, values) => ({ key, operator: 'In', values })],
  [new RegExp(`^${KEY}\\s+notin\\s*\\((?<value>[^()]*)\\)$`), (key, values) => ({ key, operator: 'NotIn', values })],
  [new RegExp(`^!\\s*${KEY}$`), (key) => ({ key, operator: 'DoesNotExist' })],
  [new RegExp(`^${KEY}$`), (key) => ({ key, operator: 'Exists' })],
];

/** A label selector as kubectl takes it (`a=b,c in (d,e),!f`). Throws for what is none: an empty one would adopt everything. */
export function parseSelector(text: string): (labels: Labels | undefined) => boolean {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const matchExpressions = parts.map(requirement);
  return (labels) => matches({ matchExpressions }, labels ?? {});
}

/** Whether the text is a label selector that asks for something. */
export function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch {
    return false;
  }
}

function requirement(part: string): Requirement {
  for (const [form, make] of FORMS) {
    const { key, value = '' } = form.exec(part)?.groups ?? {};
    if (key !== undefined)
      return make(
        key,
        value.split(',').map((each) => each.trim()),
      );
  }
  throw new Error(`"${part}" is no label selector: write key=value, key in (a,b), key or !key, joined by commas`);
}
