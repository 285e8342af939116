import { expect, test } from 'vitest';
import { asked } from './arguments.ts';

test('status is asked, unless something is', () => {
  expect(asked([])).toMatchObject({ verb: 'status', json: false, operatorNamespace: 'cortex-system' });
  expect(asked(['explain', 'alloc/job', '-n', 'team', '-o', 'json'])).toMatchObject({
    verb: 'explain',
    words: ['alloc/job'],
    namespace: 'team',
    json: true,
  });
});

test.for([
  [['explian'], 'There is no verb "explian"'],
  [['explain'], 'kubectl cortex explain <kind>/<name>'],
  [['queue', 'x'], 'kubectl cortex queue'],
  [['status', '-o', 'yaml'], '--output is json or text, not yaml'],
  [['--colour'], "Unknown option '--colour'"],
] as const)('%s is answered by what would have been right', ([args, why]) => {
  expect(() => asked(args)).toThrow(why);
});
