import { DuckDBInstance } from '@duckdb/node-api'
import type { Job } from './job.js'

const SUM_TOLERANCE = 1e-12 // relative: sums of doubles differ by the order in which they are added

/**
 * Compares two answers, both Parquet files, row by row. Returns what differs, or nothing. Rows that one of the two
 * lacks differ; null equals null alone.
 */
export async function differences(
  { answer }: Job,
  ours: string,
  rival: string,
  ourNames: boolean,
): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const name = (own: string, theirs: string) => `a."${ourNames ? own : theirs}"`
    const exact = Object.entries(answer.exact).map(
      ([own, theirs]) => [theirs, `${name(own, theirs)} IS DISTINCT FROM b."${theirs}"`] as const,
    )
    const close = Object.entries(answer.close).map(([own, theirs]) => {
      const [x, y] = [name(own, theirs), `b."${theirs}"`]
      const apart = `abs(${x} - ${y}) > ${SUM_TOLERANCE} * greatest(abs(${x}), abs(${y}))`
      return [theirs, `((${x} IS NULL) <> (${y} IS NULL) OR coalesce(${apart}, false))`] as const
    })
    // Instants compare as whole nanoseconds: some writers mark them as UTC, others leave the zone out.
    const keys = answer.keys.map(key =>
      key === 'TimeBucket' ? (t: string) => `epoch_ns(${t}."${key}")` : (t: string) => `${t}."${key}"`,
    )
    const on = keys.map(key => `${key('a')} = ${key('b')}`).join(' AND ')
    const lacking = `a."${answer.keys[0]}" IS NULL OR b."${answer.keys[0]}" IS NULL`
    const counts = [['rows', lacking] as const, ...exact, ...close]
    const sql = `SELECT ${counts.map(([label, where]) => `count(*) FILTER (${where}) AS "${label}"`).join(', ')}
      FROM read_parquet('${ours}') AS a FULL JOIN read_parquet('${rival}') AS b ON ${on}`
    const [found] = (await connection.runAndReadAll(sql)).getRowObjects()
    const counted = Object.entries(found).map(([label, count]) => [label, Number(count)] as const)
    return Object.fromEntries(counted.filter(([, count]) => count > 0))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
