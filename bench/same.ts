import { DuckDBInstance } from '@duckdb/node-api'
import type { Answer } from './job.js'

const SUM = 1e-12
const DEVIATION = 1e-9

/**
 * Compares two answers, both Parquet files, row by row. Returns how many rows differ, by column, or nothing. Rows that
 * one of the two lacks differ; null equals null alone; `order` counts rows of ours that do not come after the one before.
 */
export async function differences(
  answer: Answer,
  ours: string,
  rival: string,
  ourNames: boolean,
): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    // Instants compare as whole nanoseconds: some writers mark them as UTC, others leave the zone out.
    const key = (name: string, table: string) =>
      name === 'TimeBucket' ? `epoch_ns(${table}."${name}")` : `${table}."${name}"`
    const on = answer.keys.map(name => `${key(name, 'a')} = ${key(name, 'b')}`).join(' AND ')
    const lacking = `a."${answer.keys[0]}" IS NULL OR b."${answer.keys[0]}" IS NULL`
    const wrong = [['rows', lacking], ...columnsOf(answer, ourNames)]
    const counts = wrong.map(([label, where]) => `count(*) FILTER (${where}) AS "${label}"`)
    const place = `(${answer.keys.map(name => key(name, 'a')).join(', ')})`
    const sql = `SELECT * FROM
      (SELECT ${counts.join(', ')} FROM read_parquet('${ours}') AS a FULL JOIN read_parquet('${rival}') AS b ON ${on}),
      (SELECT count(*) FILTER (place <= before) AS "order" FROM
        (SELECT ${place} AS place, lag(${place}) OVER (ORDER BY file_row_number) AS before
         FROM read_parquet('${ours}', file_row_number = true) AS a))`
    const [found] = (await connection.runAndReadAll(sql)).getRowObjects()
    const counted = Object.entries(found).map(([label, count]) => [label, Number(count)] as const)
    return Object.fromEntries(counted.filter(([, count]) => count > 0))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Returns, by the rival's name of a column, the condition under which two cells differ. */
function columnsOf({ exact, sums, deviations }: Answer, ourNames: boolean): string[][] {
  const cells = (own: string, theirs: string) => [`a."${ourNames ? own : theirs}"`, `b."${theirs}"`]
  const apart = (columns: Record<string, string>, tolerance: number, floor: number) =>
    Object.entries(columns).map(([own, theirs]) => {
      const [x, y] = cells(own, theirs)
      const far = `abs(${x} - ${y}) > ${tolerance} * greatest(abs(${x}), abs(${y}), ${floor})`
      return [theirs, `((${x} IS NULL) <> (${y} IS NULL) OR coalesce(${far}, false))`]
    })
  return [
    ...Object.entries(exact).map(([own, theirs]) => [theirs, cells(own, theirs).join(' IS DISTINCT FROM ')]),
    ...apart(sums, SUM, 0),
    // Equal prices deviate by 0 or by rounding, depending on the way of computing: below 1 the tolerance is absolute.
    ...apart(deviations, DEVIATION, 1),
  ]
}
