import t from 'tap'
import { type DuckRow, duck } from '../support/duck.js'
import { type Cell, objectsOf, runConfig } from '../support/run.js'
import { DAYS, ORDERS, seenSql, writeTradesAndQuotes } from './trades-and-quotes.js'

// What the best level has again after large trades, against DuckDB's ASOF JOIN.
t.setTimeout(120_000)

const SECONDS = [0.1, 2]

const config = (root: string) => ({
  START_DATE: DAYS[0],
  END_DATE: DAYS[1],
  DATA: { root, layout: 'hive' },
  PASSES: [
    {
      name: 'book',
      modules: ['l2'],
      l2_analytics: { microstructure_metrics: SECONDS.map(seconds => ({ variant: 'Resiliency', seconds })) },
    },
  ],
})

const nameOf = (seconds: number) => `Resiliency${String(seconds).replace('.', 'p')}`

/** Quantities met by trades of known side, strictly before them and some seconds later, up to the last snapshot of the day. */
function sqlOf(root: string): string {
  const later = SECONDS.map(
    (_, i) =>
      `CASE WHEN tr.t + ${SECONDS[i] * 1e9} <= e.last THEN CASE tr.side WHEN 1 THEN q${i}.qa ELSE q${i}.qb END END AS q${i}`,
  )
  const joins = SECONDS.map(
    (seconds, i) =>
      `ASOF LEFT JOIN quotes q${i} ON tr.d = q${i}.d AND tr.l = q${i}.l AND q${i}.t <= tr.t + ${seconds * 1e9}`,
  )
  const regained = SECONDS.map((seconds, i) => {
    const share = `least(1, greatest(0, (q${i} - (q - least(z, q))) / least(z, q)))`
    return `avg(${share}) FILTER (q > 0 AND 2 * z >= q AND q${i} IS NOT NULL) AS "${nameOf(seconds)}"`
  })
  return `${seenSql(root, 'none', null)},
    ends AS (SELECT d, l, max(t) AS last FROM book GROUP BY ALL),
    met AS (SELECT tr.d, tr.l, tr.label, tr.z, CASE tr.side WHEN 1 THEN tr.qa ELSE tr.qb END AS q, ${later.join(', ')}
      FROM seen tr ${joins.join(' ')} LEFT JOIN ends e ON tr.d = e.d AND tr.l = e.l WHERE tr.base AND tr.side <> 0)
    SELECT d, l::VARCHAR AS l, label, ${regained.join(', ')} FROM met GROUP BY d, l, label`
}

const isClose = (a: Cell, b: DuckRow[string]): boolean =>
  a === null || b === null ? a === b : Math.abs(Number(a) - Number(b)) <= 1e-9

const labelOf = (text: unknown): string => String(BigInt(Date.parse(String(text).replace(/\.\d+Z$/, 'Z'))) * 1_000_000n)

t.test('resiliency equals SQL, whatever the order of rows', async t => {
  for (const order of ORDERS) {
    const root = t.testdir({})
    await writeTradesAndQuotes(root, order)
    const { passes } = await runConfig(config(root))
    const found = objectsOf(passes[passes.length - 1])
    const [expected] = await duck([], sqlOf(root))
    const byKey = new Map(expected.map(row => [`${row.d} ${row.l} ${row.label}`, row]))
    let values = 0
    const wrong = found.filter(row => {
      const other = byKey.get(`${row.Date} ${row.ListingId} ${labelOf(row.TimeBucket)}`)
      return SECONDS.some(seconds => {
        const value = row[nameOf(seconds)]
        if (value !== null) values++
        return !isClose(value, other?.[nameOf(seconds)] ?? null)
      })
    })
    t.same(wrong.slice(0, 2), [], order)
    t.ok(values > 20, `${values} values`)
  }
})
