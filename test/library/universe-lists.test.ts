import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { folderFor } from '../exec/folder.js'
import { marketConfig } from '../laws/market.js'
import { duck } from '../support/duck.js'

const folder = folderFor(t)
const PASSES = [{ name: 'bars', modules: ['trade'], trade_analytics: { generic_metrics: [{ measures: ['Volume'] }] } }]
const day = join(folder, 'trades/date=2026-02-03/mic=XLON')
mkdirSync(day, { recursive: true })
await duck([
  `COPY (SELECT 1::BIGINT AS ListingId, TIMESTAMP '2026-02-03 10:00:00' AS TradeTimestamp, 1.0 AS Price, 1.0 AS Size)
    TO '${join(day, 'trades.parquet')}' (FORMAT parquet)`,
])

t.test('a list of listings is looked at before data is read', async t => {
  const config = {
    ...marketConfig(folder),
    PASSES,
    END_DATE: '2026-02-03',
    DATA: { root: folder, layout: 'hive', tables: {} },
  }
  const listed = (UNIVERSE: string) => basalt({ ...config, UNIVERSE }).prepare()
  const list = join(folder, 'list.csv')
  writeFileSync(list, 'ListingId,Ticker\n1,A\n"2",B\n')
  await listed(`file=${list}`)
  writeFileSync(list, 'ListingId,Ticker\n1,A\nABC,B\n')
  await t.rejects(listed(`file=${list}`), {
    fault: 'config',
    message: /UNIVERSE: .*list\.csv lists 'ABC', which is no listing/,
  })
  const nowhere = join(folder, 'nowhere.csv')
  await t.rejects(listed(`file=${nowhere}`), {
    fault: 'config',
    message: /UNIVERSE: the list of listings cannot be read: ENOENT/,
  })
})
