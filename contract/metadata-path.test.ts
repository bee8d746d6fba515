import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMetadataPath, MetadataPathError, parseMetadataPath } from './metadata-path.ts';

describe('a metadata path', () => {
  test.each([
    ['request.headers.host', ['request', 'headers', 'host'], 'request.headers.host'],
    ['a[0].b', ['a', '0', 'b'], 'a[0].b'],
    ['a.0.b', ['a', '0', 'b'], 'a[0].b'],
    ['0.a', ['0', 'a'], '0.a'],
    ['a.007', ['a', '007'], 'a.007'],
    ['"key.with.dots".b', ['key.with.dots', 'b'], '"key.with.dots".b'],
    ["['a.b'].c", ['a.b', 'c'], '"a.b".c'],
    ['["a.b"]["c"]', ['a.b', 'c'], '"a.b".c'],
    ["a.'b[0]'", ['a', 'b[0]'], 'a."b[0]"'],
    ['"say \\"hi\\""', ['say "hi"'], 'say "hi"'],
    ["['it\\'s']", ["it's"], "it's"],
    ["it's", ["it's"], "it's"],
    ['"\'"', ["'"], '"\'"'],
    ['a.""', ['a', ''], 'a.""'],
    ['user name.first name', ['user name', 'first name'], 'user name.first name'],
    ['$.a.b', ['a', 'b'], 'a.b'],
    ["$['a.b']", ['a.b'], '"a.b"'],
    ['$', ['$'], '$'],
    ['metadata', ['metadata'], 'metadata'],
    ['$.metadata.a', ['metadata', 'a'], '"metadata".a'],
    ['"metadata".a', ['metadata', 'a'], '"metadata".a'],
    ['"$".a', ['$', 'a'], '"$".a'],
  ])('%s is read as %j and stored as %s', (text, segments, stored) => {
    const path = parseMetadataPath(text);
    expect(path).toEqual({ segments, maybeInMember: false });
    expect(formatMetadataPath(path)).toBe(stored);
    expect(parseMetadataPath(stored)).toEqual(path);
  });

  test('a leading metadata. may also denote a member of that name', () => {
    expect(parseMetadataPath('metadata.a[0]')).toEqual({
      segments: ['a', '0'],
      maybeInMember: true,
    });
    for (const text of ['metadata.a[0]', 'metadata[0].b', 'metadata."x.y"'])
      expect(formatMetadataPath(parseMetadataPath(text))).toBe(text);
  });

  test.each([
    ['', 'name', 1],
    ['a..b', 'name', 3],
    ['.a', 'name', 1],
    ['a.', 'name', 3],
    ['a[]', 'position', 2],
    ['a[-1]', 'position', 2],
    ['a[01]', 'position', 2],
    ['a[x]', 'position', 2],
    ['a[0', 'position', 2],
    ['a]', '[', 2],
    ['a[0]b', 'dot', 5],
    ['"a"b', 'dot', 4],
    ['"a', 'closed', 1],
    ["a['b", 'closed', 3],
    ["['a'", ']', 5],
    ['"\\x"', 'JSON', 1],
  ])('%s is rejected with the position of the error', (text, word, position) => {
    const read = () => parseMetadataPath(text);
    expect(read).toThrow(MetadataPathError);
    expect(read).toThrow(word);
    expect(read).toThrow(`character ${position}`);
  });

  test.each(['"\\u0000"', '"\\ud800"', "['a\\u0000']"])(
    '%s is refused: no event can have such a name',
    (text) => expect(() => parseMetadataPath(text)).toThrow('must not name'),
  );

  test('any names are read back unchanged from a formatted path', () => {
    const unit = fc.constantFrom(...Array.from('ab.[]"\'\\01 $é\n-'), 'metadata', '😀');
    const name = fc.string({ unit, maxLength: 5 });
    const names = fc.array(name, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(names, fc.boolean(), (segments, maybeInMember) => {
        const path = { segments, maybeInMember };
        expect(parseMetadataPath(formatMetadataPath(path))).toEqual(path);
      }),
    );
  });
});
