/** The numbers of the guarantees that a text refers to, such as "guarantee 4" or "guarantees 1 and 3". */
export function findGuaranteeCitations(text: string): readonly number[] {
  const citations = text.matchAll(/\bguarantees?\s+(\d+(?:(?:,\s*|\s+and\s+|\s*[-–]\s*)\d+)*)/gi);
  return [...citations].flatMap(([, numbers = '']) => numbers.match(/\d+/g) ?? []).map(Number);
}
