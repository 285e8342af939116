import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Values } from './values.ts';
import { valuesFiles } from './values-files.ts';

const files = valuesFiles();

describe('values.yaml', () => {
  const yaml = files.get('charts/cortex-resource-manager/values.yaml') ?? '';

  test('holds every default, and nothing else', () => {
    expect(parse(yaml)).toEqual(Values.parse({}));
  });

  test('says of every value what it does', () => {
    const lines = yaml.split('\n');
    const bare = lines.filter((line, i) => /^ *[A-Za-z0-9]+:/.test(line) && !lines[i - 1]?.includes('# '));

    expect(bare.filter((line) => !WITHIN.some((key) => line.trimStart().startsWith(key)))).toEqual([]);
  });
});

/** Keys that Kubernetes or Grafana define, inside a value of ours. */
const WITHIN = ['requests:', 'limits:', 'cpu:', 'memory:', 'grafana_dashboard:'];
