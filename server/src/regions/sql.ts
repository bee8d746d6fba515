import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely';
import pg from 'pg';

export { sql, type RawBuilder } from 'kysely';

/** Anything that runs one statement: a pool, a client, a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

// bigint columns hold counts and sequence numbers, far below 2^53; a silent loss of digits would be worse
// than an error.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number`);
  return value;
});

/** COPY takes no bind parameters, so values become SQL literals, only in this file. */
class LiteralQueryCompiler extends PostgresQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    this.append(literal(parameter));
  }
}

function compilerOf(compiler: () => PostgresQueryCompiler): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: compiler,
    },
  });
}

const parameters = compilerOf(() => new PostgresQueryCompiler());
const literals = compilerOf(() => new LiteralQueryCompiler());

/** The fragment as a statement with `$1 …` placeholders. */
function withParameters(fragment: RawBuilder<unknown>): { text: string; values: unknown[] } {
  const { sql: text, parameters: values } = fragment.compile(parameters);
  return { text, values: [...values] };
}

/** The same fragment with every value as an SQL literal, for COPY. */
export function withLiterals(fragment: RawBuilder<unknown>): string {
  return fragment.compile(literals).sql;
}

/**
 * Runs a fragment and returns its rows.
 * @param name of a prepared statement, so that a connection parses and plans it once
 */
export async function query<Row extends pg.QueryResultRow>(
  client: Queryable,
  fragment: RawBuilder<Row>,
  name?: string,
): Promise<Row[]> {
  return (await client.query<Row>({ ...withParameters(fragment), name })).rows;
}

/** Runs a statement and returns the number of affected rows; `name` as in `query`. */
export async function execute(
  client: Queryable,
  fragment: RawBuilder<unknown>,
  name?: string,
): Promise<number> {
  return (await client.query({ ...withParameters(fragment), name })).rowCount ?? 0;
}

/**
 * One value as an SQL literal. Strings go through libpq's own rule (pg.escapeLiteral: quotes doubled, and the E''
 * form when there is a backslash, so standard_conforming_strings does not matter). A PostgreSQL text cannot contain
 * NUL, so it is rejected instead of truncated.
 */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new RangeError('only whole numbers become SQL literals');
    return String(value);
  }
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new RangeError('a NUL character cannot become an SQL literal');
    return pg.escapeLiteral(value);
  }
  if (Array.isArray(value))
    return value.length === 0 ? `'{}'` : `ARRAY[${value.map(literal).join(',')}]`;
  throw new TypeError(`a ${typeof value} cannot become an SQL literal`);
}
