import type pg from 'pg';

/** The methods of pg's connection for a query that sends rows itself. */
interface PgConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Runs COPY FROM STDIN with rows in COPY's text format: one statement and one durable commit. */
export function copyFrom(client: pg.ClientBase, table: string, rows: Buffer): Promise<void> {
  const settled = Promise.withResolvers<void>();
  let failed: Error | undefined;
  const statement = {
    // The types of pg do not declare the connection methods for custom queries.
    submit: (connection: pg.Connection) => wire(connection).query(`COPY ${table} FROM STDIN`),
    handleCopyInResponse: (connection: pg.Connection) => {
      wire(connection).sendCopyFromChunk(rows);
      wire(connection).endCopyFrom();
    },
    handleCommandComplete: () => undefined,
    handleError: (error: Error) => {
      failed = error;
      settled.reject(error);
    },
    handleReadyForQuery: () => {
      if (failed === undefined) settled.resolve();
    },
  };
  client.query(statement);
  return settled.promise;
}

function wire(connection: pg.Connection): PgConnection {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return connection as unknown as PgConnection;
}
