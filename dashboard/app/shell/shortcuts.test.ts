import { expect, test } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const g = { key: 'g', atMs: 1000 };

test('the second key of a sequence is not a shortcut of its own', () => {
  expect(shortcutOf({ key: 'e', atMs: 1100 }, g)).toBe('g e');
  expect(shortcutOf({ key: 'e', atMs: 1100 }, { key: 'j', atMs: 1000 })).toBe('e');
});

test('a key long after g is itself, and so is the first one', () => {
  expect(shortcutOf({ key: 'e', atMs: 2000 }, g)).toBe('e');
  expect(shortcutOf({ key: 'e', atMs: 1000 }, undefined)).toBe('e');
});
