import { expect, test } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const g = { key: 'g', atMs: 1000 };

test('the second key of a sequence does not trigger its own shortcut', () => {
  expect(shortcutOf({ key: 'e', atMs: 1100 }, g)).toBe('g e');
  expect(shortcutOf({ key: 'e', atMs: 1100 }, { key: 'j', atMs: 1000 })).toBe('e');
});

test('a key pressed long after g triggers its own shortcut, and so does the first key', () => {
  expect(shortcutOf({ key: 'e', atMs: 2000 }, g)).toBe('e');
  expect(shortcutOf({ key: 'e', atMs: 1000 }, undefined)).toBe('e');
});
