import { expect, test } from 'vitest';
import { metadataCondition } from './metadata-condition.ts';

test.each([
  ['amount=12.50', { path: 'amount', op: 'eq', value: '12.50' }],
  ['a.b[0]=9007199254740993', { path: 'a.b[0]', op: 'eq', value: '9007199254740993' }],
  ['url~?a=b', { path: 'url', op: 'contains', value: '?a=b' }],
  ['request.id', { path: 'request.id', op: 'exists' }],
  ['"a=b.c".d=1', { path: '"a=b.c".d', op: 'eq', value: '1' }],
  ["['a~b']=x", { path: "['a~b']", op: 'eq', value: 'x' }],
  ["it's=x", { path: "it's", op: 'eq', value: 'x' }],
  ['empty=', { path: 'empty', op: 'eq', value: '' }],
])('parses --metadata %s', (text, condition) => {
  expect(metadataCondition(text)).toEqual(condition);
});
