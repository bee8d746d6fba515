import { expect, test } from 'vitest';
import { ERROR_CATALOGUE } from '../../../server/src/errors.ts';
import { API_ERRORS, isApiError } from './api-catalogue.ts';

test('the dashboard knows every error code of the api with its status', () => {
  const codes = Object.entries(ERROR_CATALOGUE).map(([code, { status }]) => [code, status]);
  expect(API_ERRORS).toEqual(Object.fromEntries(codes));
});

test.each([
  ['GATEWAY_TIMEOUT', 504],
  ['NOT_FOUND', 400],
  ['toString', 404],
])('%s with status %i is not an error of the api', (code, status) => {
  expect(isApiError(code, status)).toBe(false);
});
