import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { BasaltError } from '../../lib/core/index.js'
import { duck } from '../support/duck.js'
import { folderFor } from './folder.js'

const DAY = '2026-02-03'
const LISTINGS = [1_111_111_111_111n, 2_222_222_222_222n, 3_333_333_333_333n]
const GROUP = 2048 // DuckDB's smallest row group

/** Writes three row groups, one a listing, uncompressed, so that a bound's bytes are found in the footer. */
async function sorted(folder: string): Promise<string> {
  const path = join(folder, 'trades.parquet')
  await duck([
    `COPY (SELECT [${LISTINGS.join(', ')}][1 + i // ${GROUP}] AS ListingId,
        TIMESTAMP '${DAY} 10:00:00' + to_microseconds((1 + i % ${GROUP}) * 1000) AS TradeTimestamp,
        100.0 + i % 7 AS Price, 10.0 AS Size
      FROM range(${3 * GROUP}) AS r(i)) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE ${GROUP})`,
  ])
  return path
}

function configOf(folder: string, measures: string[]) {
  return {
    START_DATE: DAY,
    END_DATE: DAY,
    DATASETNAME: 'stated',
    DATA: { root: folder, layout: 'date={date}/{table}.parquet', tables: { trades: { columns: {} } } },
    PASSES: [{ name: 'bars', modules: ['trade'], trade_analytics: { generic_metrics: [{ measures }] } }],
    EXECUTION: { workers: 2 },
  }
}

async function rowsOf(folder: string, measures: string[]): Promise<number> {
  let rows = 0
  for await (const batch of basalt(configOf(folder, measures)).stream()) rows += batch.numRows
  return rows
}

/** Replaces 8 bytes behind the last row group: bounds, which stand in the footer alone. */
function belie(path: string, stated: bigint, lie: bigint): number {
  const bytes = readFileSync(path)
  const [from, to] = [Buffer.alloc(8), Buffer.alloc(8)]
  from.writeBigInt64LE(stated)
  to.writeBigInt64LE(lie)
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  let found = 0
  for (let at = bytes.indexOf(from, footer); at >= 0; at = bytes.indexOf(from, at + 1)) {
    to.copy(bytes, at)
    found++
  }
  writeFileSync(path, bytes)
  return found
}

// Footers matter where bars leave on their word: those of series folds too, which need the rows of a bucket alone.
for (const measures of [
  ['Count', 'OHLC'],
  ['MedianPrice', 'Volatility'],
]) {
  t.test(`rows that belie their footer are a fault, and no bar: ${measures}`, async t => {
    const folder = folderFor(t)
    const day = join(folder, `date=${DAY}`)
    mkdirSync(day)
    const path = await sorted(day)
    t.equal(await rowsOf(folder, measures), 3, 'honest bounds: one bar a listing')

    t.ok(belie(path, LISTINGS[2], LISTINGS[1] + 1n) > 0)
    const listing = await rowsOf(folder, measures).catch(error => error)
    t.ok(listing instanceof BasaltError && listing.fault === 'data', String(listing))
    t.match(listing.message, /row group 2.*listing 3333333333333 is not among those that the footer states/)

    await sorted(day)
    const last = BigInt(Date.parse(`${DAY}T10:00:02.048Z`)) * 1000n
    t.ok(belie(path, last, last - 1_000_000n) > 0)
    const time = await rowsOf(folder, measures).catch(error => error)
    t.ok(time instanceof BasaltError && time.fault === 'data', String(time))
    t.match(time.message, /row group 0, column EventTime, row 1048: .*the event time lies outside/)
  })
}
