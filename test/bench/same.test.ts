import { join } from 'node:path'
import t from 'tap'
import type { Answer } from '../../bench/job.js'
import { differences } from '../../bench/same.js'
import { folderFor } from '../exec/folder.js'
import { duck } from '../support/duck.js'

const folder = folderFor(t)
const answer: Answer = {
  keys: ['ListingId', 'TimeBucket'],
  exact: { Volume: 'v' },
  sums: { Notional: 's' },
  deviations: { Deviation: 'd' },
}
const HEAD = ['l', 'minute', 'v', 's', 'd']
const RIVAL = ['(1, 0, 5, 100, 2)', '(1, 1, 7, NULL, 0)', '(2, 0, NULL, 3, NULL)']

/** Writes rows of listing, minute, volume, notional and deviation as a contestant would. */
async function file(name: string, rows: string[], columns: string[]): Promise<string> {
  const path = join(folder, `${name}.parquet`)
  const [volume, notional, deviation] = columns
  await duck([
    `COPY (SELECT l AS "ListingId", make_timestamp_ns(minute * 60000000000) AS "TimeBucket",
       CAST(v AS DOUBLE) AS "${volume}", CAST(s AS DOUBLE) AS "${notional}", CAST(d AS DOUBLE) AS "${deviation}"
     FROM (VALUES ${rows.join(', ')}) AS t(${HEAD.join(', ')})) TO '${path}' (FORMAT parquet)`,
  ])
  return path
}

const rival = await file('rival', RIVAL, ['v', 's', 'd'])
const found = async (...rows: string[]) =>
  differences(answer, await file('ours', rows, ['Volume', 'Notional', 'Deviation']), rival, true)

t.test('answers within their tolerances are the same', async t => {
  t.same(await found(...RIVAL), {})
  t.same(await found('(1, 0, 5, 100.00000000009, 2.000000001)', '(1, 1, 7, NULL, 9e-10)', RIVAL[2]), {})
})

t.test('a cell that is further off, or null on one side alone, counts under its column', async t => {
  t.same(await found('(1, 0, 5.000000000000001, 100, 2)', RIVAL[1], RIVAL[2]), { v: 1 })
  t.same(await found('(1, 0, 5, 100.0000000002, 2)', RIVAL[1], RIVAL[2]), { s: 1 })
  t.same(await found('(1, 0, 5, 100, 2.00000001)', RIVAL[1], '(2, 0, 0, 3, 0)'), { v: 1, d: 2 })
})

t.test('rows that one side lacks, and rows out of order, count', async t => {
  t.same(await found(RIVAL[0], RIVAL[1]), { rows: 1, s: 1 })
  t.same(await found(...RIVAL, '(3, 0, 1, 1, 1)'), { rows: 1, v: 1, s: 1, d: 1 })
  t.same(await found(RIVAL[1], RIVAL[0], RIVAL[2]), { order: 1 })
})
