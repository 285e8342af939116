import { expect, test } from 'vitest';
import type { Page } from './page.ts';
import { inColour, plain, print } from './print.ts';

test('colours mark words of ours and take no room', () => {
  const table: Page = {
    data: null,
    sections: [
      {
        head: ['A', 'B'],
        rows: [
          ['Failed', 'x'],
          ['Ready', 'Failed to start'],
        ],
      },
    ],
  };

  expect(print(table, inColour)).toBe(
    '\u001B[1mA\u001B[0m       \u001B[1mB\u001B[0m\n\u001B[31mFailed\u001B[0m  x\n\u001B[32mReady\u001B[0m   Failed to start\n',
  );
  expect(print(table, plain)).toBe('A       B\nFailed  x\nReady   Failed to start\n');
});
