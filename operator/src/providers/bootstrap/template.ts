import { ProviderError } from '../errors.ts';

export type Variables = Readonly<Record<string, string>>;

/** `{{ name }}`, `{{ name | filter }}`, `{{ name | indent 4 }}`; `\{{` stands for itself. */
const EXPRESSION = /\\\{\{|\{\{([^{}]*)\}\}/g;
const INSIDE = /^\s*(?<name>[A-Za-z][\w.-]*)(?<filters>(?:\s*\|\s*[a-z0-9]+(?:\s+\d+)?)*)\s*$/;
const MOST_BYTES = 256 * 1024;

/**
 * The template with its variables filled in; no logic, nothing is run. Throws Invalid for anything it does not know, and
 * never says what a variable holds.
 */
export function fill(what: string, template: string, variables: Variables): string {
  const filled = template.replaceAll(EXPRESSION, (_whole, inside: string | undefined, offset: number) =>
    inside === undefined ? '{{' : valueOf(inside, variables, () => `${what}, line ${lineAt(template, offset)}`),
  );
  const bytes = Buffer.byteLength(filled);
  if (bytes > MOST_BYTES) throw invalid(`${what} has ${bytes} bytes once it is filled in; the most is ${MOST_BYTES}`);
  return filled;
}

function valueOf(inside: string, variables: Variables, where: () => string): string {
  const { name, filters } = INSIDE.exec(inside)?.groups ?? {};
  if (name === undefined)
    throw invalid(
      `${where()}: this is no variable; write {{ name }} or {{ name | filter }}, and \\{{ for the signs themselves`,
    );
  if (!Object.hasOwn(variables, name))
    throw invalid(
      `${where()}: there is no variable ${name}; there are: ${Object.keys(variables).toSorted().join(', ')}`,
    );
  const value = variables[name] ?? '';
  return wordsOf(filters).reduce((text, [filter, argument]) => filtered(text, filter, argument, where), value);
}

const wordsOf = (filters = ''): [string, string | undefined][] =>
  filters
    .split('|')
    .map((part) => part.trim().split(/\s+/))
    .flatMap(([filter = '', argument]) => (filter === '' ? [] : [[filter, argument] as [string, string | undefined]]));

function filtered(text: string, filter: string, argument: string | undefined, where: () => string): string {
  if (filter === 'b64' && argument === undefined) return Buffer.from(text).toString('base64');
  if (filter === 'json' && argument === undefined) return JSON.stringify(text);
  if (filter === 'indent' && argument !== undefined) return text.replaceAll('\n', `\n${' '.repeat(Number(argument))}`);
  throw invalid(`${where()}: there is no filter ${filter}; there are: b64, json and indent N`);
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export const invalid = (message: string): ProviderError => new ProviderError('Invalid', 'TemplateInvalid', message);
