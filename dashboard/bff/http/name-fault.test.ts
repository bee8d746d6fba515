import { expect, test } from 'vitest';
import {
  lineText,
  nameFault as apiNameFault,
  nameText,
} from '../../../server/src/tenancy/name-text.ts';
import { nameSchema } from './field-schemas.ts';
import { nameFault } from './name-fault.ts';

const REFUSED = [
  'two\nlines',
  'two\r\nlines',
  'next\u0085line',
  'line\u2028separator',
  'paragraph\u2029separator',
  'tab\tinside',
  'bell\u0007',
  'nul\0',
  '\ud800 half',
  'invoice\u202egpj.exe',
  'a\u2066b\u2069',
  'left\u200emark',
  'zero\u200bwidth',
  'zero\u200cwidth',
  'zero\u200dwidth',
  'word\u2060joiner',
  'byte\ufefforder',
  'soft\u00adhyphen',
  'filler\u3164',
  'tag\u{e0061}',
  'selector\ufe0f',
  'interlinear\ufff9',
] as const;
const ACCEPTED = [
  'Production',
  'Zürich – Süd',
  '東京 本社',
  'الإنتاج',
  'Δοκιμή',
  'हिन्दी',
  '👩🏽‍💻 Developers',
  '🏳️‍🌈',
  '1️⃣ First',
  '❤️',
  "O'Neil & Sons <b>",
] as const;

test.each(REFUSED)('the name %j is refused by the dashboard and by the api', (name) => {
  expect(nameFault(name)).toMatch(/^must not contain/);
  expect(apiNameFault(name)).toBe(nameFault(name));
  expect(nameSchema(200).safeParse(name).success).toBe(false);
  expect(nameText(200).safeParse(name).success).toBe(false);
});

test.each(ACCEPTED)('the name %j is accepted by the dashboard and by the api', (name) => {
  expect(nameSchema(200).parse(name)).toBe(name.normalize('NFC'));
  expect(nameText(200).parse(name)).toBe(name.normalize('NFC'));
});

test('a name in Unicode normal form D is stored in form C', () => {
  const decomposed = 'Zu\u0308rich';
  expect(nameSchema(200).parse(decomposed)).toBe('Zürich');
  expect(nameText(200).parse(decomposed)).toBe('Zürich');
});

test('a purpose must be one line without direction overrides and may contain zero-width non-joiners', () => {
  expect(lineText(500).safeParse('two\nlines').success).toBe(false);
  expect(lineText(500).safeParse('a\u202eb').success).toBe(false);
  expect(lineText(500).parse('می\u200cخواهم')).toBe('می\u200cخواهم');
});
