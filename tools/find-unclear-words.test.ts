import { expect, test } from 'vitest';
import { codeFigures } from './code-figures.ts';
import { applyAllowedWords, findUnclearWords } from './find-unclear-words.ts';
import { UNCLEAR_WORDS } from './unclear-words.ts';

const EXAMPLES: Readonly<Record<string, string>> = {
  mend: 'The next sweep mends it.',
  anew: 'The rows are read anew.',
  heed: 'The worker heeds a cancel.',
  'hung up': 'A slow reader is hung up on.',
  unheard: 'It died of an unheard error.',
  'in vain': 'One that was woken in vain waits again.',
  whoever: 'Whoever holds the lease publishes.',
  somebody: 'It belongs to somebody else.',
  nobody: 'Nobody waits for the answer.',
  everybody: "Everybody's views come first.",
  'is told': 'The caller is told when it ends.',
  'is said': 'The limit was said before.',
  begun: 'The export has begun.',
  'thrown away': 'The partial file is thrown away.',
  'taken back': 'The invitation was taken back.',
  'hand through': 'The dashboard hands it through.',
  beside: 'Two workers run beside each other.',
  'for ever': 'It would wait for ever.',
  'heard of': 'The first error that is heard of counts.',
  'knows of': 'The rollup knows of these.',
  'put on a role': 'A process puts on its role.',
  'what as subject': 'What is refused is final.',
};

test.each(UNCLEAR_WORDS)(
  'the rule "$word" finds its word in a comment, a document and a test name',
  ({ word }) => {
    const sentence = EXAMPLES[word] ?? '';
    expect(wordsOf('a.ts', `/** ${sentence} */\nexport const a = 1;`)).toContain(word);
    expect(wordsOf('a.md', `A list.\n\n- ${sentence}`)).toContain(word);
    expect(
      wordsOf('a.test.ts', `test.each([1])(${JSON.stringify(sentence)}, () => {});`),
    ).toContain(word);
  },
);

test.each([
  ['code of a document', 'a.md', 'Run `nobody` as:\n\n```\nwhoever\n```'],
  ['a quoted test name', 'a.md', '| exact | `a.test.ts` › nobody is told |'],
  ['the address of a link', 'a.md', 'See [the page](somebody.md).'],
  ['an identifier', 'a.ts', "const somebody = find('nobody');"],
  ['a question', 'a.tsx', "const title = 'What does it cover?';"],
  ['a word inside another', 'a.ts', '// Recommended amendments.'],
  ['a "what" that is an object', 'a.ts', '// The page says what was ignored.'],
])('%s is not checked', (_, file, source) => {
  expect(findUnclearWords(file, source)).toEqual([]);
});

test('a sentence that goes over several comment lines is one text, and the finding names its line', () => {
  const source = 'const a = 1;\n// The caller is\n// told later. What\n// is kept stays.\n';
  expect(findUnclearWords('a.ts', source)).toMatchObject([
    {
      word: 'is told',
      line: 2,
      kind: 'comment',
      excerpt: 'The caller is told later. What is kept stays.',
    },
    { word: 'what as subject', line: 3 },
  ]);
});

test('texts of JSX, templates and test names are checked', () => {
  const source = [
    'const a = <p>Ask somebody else</p>;',
    'const b = `No row of ${a} was mended`;',
    "describe.each([1])('what is kept', () => {});",
  ].join('\n');
  expect(findUnclearWords('a.test.tsx', source)).toMatchObject([
    { word: 'somebody', line: 1, kind: 'string' },
    { word: 'mend', line: 2, kind: 'string' },
    { word: 'what as subject', line: 3, kind: 'test name' },
  ]);
});

test('an allowed word is no finding, and an entry that allows nothing is reported', () => {
  const findings = findUnclearWords('a.ts', '// Nobody waits.\n// It was mended.');
  const nobody = { file: 'a.ts', word: 'nobody', reason: 'quotes a name' };
  const elsewhere = { ...nobody, file: 'b.ts' };
  expect(applyAllowedWords(findings, [nobody, elsewhere])).toMatchObject({
    remaining: [{ word: 'mend' }],
    unused: [elsewhere],
  });
});

test('the figures count files, lines and the word "what" in comments', () => {
  const sources = new Map([
    ['a/one.ts', '// Says what it is.\n// Second line.\nexport const a = 1;\n'],
    ['a/two.ts', 'export const b = 2;\n'],
    ['a/two.test.ts', "test('it works', () => {});\n"],
  ]);
  expect(codeFigures(sources)).toEqual([
    'files of code: 2, of tests: 1',
    'files per folder, without tests: at most 2 (a 2)',
    'lines per file: median 1, p90 1, max 3 (a/one.ts)',
    'lines per test file: median 1, p90 1, max 1 (a/two.test.ts)',
    'comment lines: 2; "what" per 1,000 of them: 500.0',
  ]);
});

function wordsOf(file: string, source: string): string[] {
  return findUnclearWords(file, source).map(({ word }) => word);
}
