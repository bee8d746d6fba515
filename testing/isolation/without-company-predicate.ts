import type pg from 'pg';

/** Matches `company_id = $1` and `events.company_id = '…'`, but not the setting that row-level security reads. */
const PREDICATE = /(?<![\w.])((?!exhibit\.)(?:\w+\.)?company_id) = (\$\d+|'[0-9a-f-]{36}')/g;

/** The method with which pg's client sends statements. Its types do not declare it. */
interface Wire {
  query(text: string): void;
  parse(statement: { text: string }, ...rest: unknown[]): void;
}

/**
 * Removes the condition on the company from every statement of this pool, including COPY, so that only row-level
 * security remains. @returns a function that returns the number of conditions removed so far
 */
export function forgetCompanies(pool: pg.Pool): () => number {
  let forgotten = 0;
  const forget = (text: string) =>
    text.replaceAll(PREDICATE, (predicate) => {
      forgotten += 1;
      return `(${predicate} OR TRUE)`;
    });
  pool.on('connect', (client) => {
    const { connection } = client as unknown as { connection: Wire };
    const query = connection.query.bind(connection);
    const parse = connection.parse.bind(connection);
    connection.query = (text) => query(forget(text));
    connection.parse = (statement, ...rest) =>
      parse({ ...statement, text: forget(statement.text) }, ...rest);
  });
  return () => forgotten;
}
