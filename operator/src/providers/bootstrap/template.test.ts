import { describe, expect, test } from 'vitest';
import { fill } from './template.ts';

const variables = { name: 'burst-0', token: 'a-canary\nsecret', 'values.motd': 'say "hi"' };
const filled = (template: string): string => fill('user-data', template, variables);

test('variables are filled in, as often as they are named', () => {
  expect(filled('hostname: {{ name }}\n# {{name}}')).toBe('hostname: burst-0\n# burst-0');
});

test('filters write a value so that it fits where it stands', () => {
  expect(filled('{{ values.motd | json }}')).toBe('"say \\"hi\\""');
  expect(filled('{{ name | b64 }}')).toBe('YnVyc3QtMA==');
  expect(filled('  {{ token | indent 2 }}')).toBe('  a-canary\n  secret');
  expect(filled('{{ token | b64 | json }}')).toBe('"YS1jYW5hcnkKc2VjcmV0"');
});

test('what only looks like a variable is written with a backslash', () => {
  expect(filled('\\{{ ds.meta_data }}')).toBe('{{ ds.meta_data }}');
});

test('what a value says is not read again', () => {
  expect(fill('user-data', '{{ a }}', { a: '{{ b }}', b: 'no' })).toBe('{{ b }}');
});

describe('11: what it does not know is Invalid, by name and line, without a value', () => {
  test.for([
    ['a: 1\nb: {{ nmae }}', 'user-data, line 2: there is no variable nmae; there are: name, token, values.motd'],
    ['{{ constructor }}', 'there is no variable constructor'],
    ['{{ name | upper }}', 'there is no filter upper; there are: b64, json and indent N'],
    ['{{ name | indent }}', 'there is no filter indent'],
    ['{{ 1 + 1 }}', 'this is no variable; write {{ name }}'],
    ['{{ }}', 'this is no variable'],
  ])('%s', ([template, message]) => {
    expect(() => filled(template ?? '')).toThrow(
      expect.objectContaining({ class: 'Invalid', message: expect.stringContaining(message ?? '') }),
    );
    expect(() => filled(template ?? '')).not.toThrow('canary');
  });

  test('more than fits is refused by its size', () => {
    expect(() => fill('user-data', '{{ a }}', { a: 'x'.repeat(300_000) })).toThrow('has 300000 bytes');
  });
});
