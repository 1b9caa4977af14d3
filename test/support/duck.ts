import { DuckDBInstance } from '@duckdb/node-api'

export type DuckRow = Record<string, bigint | number | string | boolean | null>

/** Runs SQL in a fresh DuckDB. Rows hold bigint, number, text, boolean or null: cast dates and stamps in the query. */
export async function duck(setup: string[], ...queries: string[]): Promise<DuckRow[][]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    for (const statement of setup) await connection.run(statement)
    const results: DuckRow[][] = []
    for (const sql of queries) results.push((await connection.runAndReadAll(sql)).getRowObjects() as DuckRow[])
    return results
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
