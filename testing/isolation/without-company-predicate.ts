import type pg from 'pg';

/** `company_id = $1` and `events.company_id = '…'` in statements; never the setting that row-level security reads. */
const PREDICATE = /(?<![\w.])((?!exhibit\.)(?:\w+\.)?company_id) = (\$\d+|'[0-9a-f-]{36}')/g;

/** What pg's client sends statements with; its types do not show it. */
interface Wire {
  query(text: string): void;
  parse(statement: { text: string }, ...rest: unknown[]): void;
}

/**
 * Makes every statement of this pool forget its condition on the company, whoever wrote it and however it is
 * sent (COPY too): what is left is row-level security. @returns how many conditions were forgotten so far
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
