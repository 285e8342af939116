import { Failure } from './failures.ts';
import { clean } from './present/text.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]{0,315}[A-Za-z0-9])?`;
const VALUE = String.raw`[-A-Za-z0-9_.]{0,63}`;

/** The forms that kubectl takes: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`. */
const FORMS: readonly (readonly [RegExp, (key: string, value: string) => Requirement])[] = [
  [new RegExp(`^(${KEY}) *!= *(${VALUE})$`), (key, value) => (labels) => labels[key] !== value],
  [new RegExp(`^(${KEY}) *==? *(${VALUE})$`), (key, value) => (labels) => labels[key] === value],
  [new RegExp(`^(${KEY}) +in +\\(([^()]{0,2048})\\)$`), (key, value) => (labels) => isAmong(labels[key], value)],
  [new RegExp(`^(${KEY}) +notin +\\(([^()]{0,2048})\\)$`), (key, value) => (labels) => !isAmong(labels[key], value)],
  [new RegExp(`^!(${KEY})$`), (key) => (labels) => !Object.hasOwn(labels, key)],
  [new RegExp(`^(${KEY})$`), (key) => (labels) => Object.hasOwn(labels, key)],
];

const isAmong = (value: string | undefined, list: string): boolean =>
  value !== undefined && list.split(',').some((each) => each.trim() === value);

/** What a label selector asks, as kubectl reads it; throws `invalid` for what is none. */
export function selects(selector: string): Requirement {
  const requirements = partsOf(selector).map(requirement);
  return (labels) => requirements.every((holds) => holds(labels));
}

/** Commas inside parentheses separate values, not requirements. */
const partsOf = (selector: string): string[] =>
  selector
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

function requirement(part: string): Requirement {
  for (const [form, make] of FORMS) {
    const [, key, value = ''] = form.exec(part) ?? [];
    if (key !== undefined) return make(key, value);
  }
  throw new Failure('invalid', `label_selector: "${clean(part, 128)}" is no requirement`, {
    nextStep: 'Use forms such as app=web, app!=web, tier in (a,b), tier notin (a), app or !app, separated by commas.',
  });
}
