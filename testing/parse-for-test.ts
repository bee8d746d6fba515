import type { FieldError } from '../contract/problem.ts';
import { Problem } from '../server/src/errors.ts';
import { parseEventsBody } from '../server/src/events/ingest/parse-events.ts';
import type { ParsedEvent } from '../server/src/events/ingest/parsed-event.ts';

/** Parses a body with one event that must be accepted. */
export function eventOf(body: string): ParsedEvent {
  const parsed = parseEventsBody(Buffer.from(body));
  if (parsed.kind === 'single' && parsed.item.ok) return parsed.item.event;
  throw new Error(`not one accepted event: ${JSON.stringify(parsed)}`);
}

/** Parses a body with one event that must be rejected, and returns the reason. */
export function errorsOf(body: string): readonly FieldError[] {
  const parsed = parseEventsBody(Buffer.from(body));
  if (parsed.kind === 'single' && !parsed.item.ok) return parsed.item.errors;
  throw new Error(`not one refused event: ${body.slice(0, 200)}`);
}

/** Parses a body that must be rejected as a whole, and returns the reason. */
export function problemOf(body: string | Buffer): Problem {
  try {
    parseEventsBody(Buffer.from(body));
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('accepted');
}
