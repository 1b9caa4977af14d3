import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import '../support/plain-threads.js'

/** A pack with a module that fails when it has read its source. */
const PACK = `
import { BasaltError, laterModule } from '${new URL('../../lib/core/index.js', import.meta.url).href}'
const listing = { name: 'ListingId', type: 'i64', unit: 'id', doc: 'listing', formula: 'ListingId', merge: 'key',
  nullRule: 'never null', hindsight: false, inputs: ['ListingId'], from: 'by itself: key' }
export const broken = laterModule({
  name: 'broken', doc: 'fails', block: 'broken_analytics', settings: {},
  sources: () => [{ field: 'source_pass', name: 'minutes' }],
  outline: () => ({ keys: ['ListingId'], columns: [listing], reads: [['ListingId']], rule: null, parameters: {} }),
  run: async ([input]) => {
    for await (const { rows } of input) throw new BasaltError('data', rows + ' rows do not fit')
  },
})`

t.test('a later pass that fails takes along those that read it, and no other', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 4, trades: 800, days: 2 })
  writeFileSync(join(root, 'pack.mjs'), PACK)
  const config = {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    PACKS: [join(root, 'pack.mjs')],
    DATA: { root, layout: 'hive' },
    OUTPUT_TARGET: { root: join(root, 'out'), path_template: '{root}/{pass}.parquet' },
    PASSES: [
      { name: 'minutes', modules: ['trade'], trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume'] }] } },
      { name: 'fails', modules: ['broken'] },
      { name: 'reads', modules: ['generic'], generic_analytics: { source_pass: 'fails', group_by: ['ListingId'] } },
      {
        name: 'quarters',
        modules: ['generic'],
        generic_analytics: { source_pass: 'minutes', resample_rule: '15m', aggregations: { Close: 'last' } },
      },
    ],
  }
  const events: RunEvent[] = []
  const { passes } = await basalt(config).run({ onEvent: event => events.push(event) })
  const failures = passes.flatMap(({ failed }) => failed.map(({ unit, error }) => `${unit}: ${error.problem}`))
  t.match(failures, [/^fails: \d+ rows do not fit$/, /^reads: pass reads reads fails, which failed$/])
  t.same(
    events.flatMap(event => (event.kind === 'failed' ? event.pass : [])),
    ['fails', 'reads'],
  )
  const written = ['minutes', 'fails', 'reads', 'quarters'].filter(name =>
    existsSync(join(root, `out/${name}.parquet`)),
  )
  t.same(written, ['minutes', 'quarters'])
  await t.rejects(basalt({ ...config, EXECUTION: { fail_fast: true } }).run(), /rows do not fit/)
  await t.rejects(async () => {
    for await (const _ of basalt(config).stream({ pass: 'reads' }));
  }, /rows do not fit/)
})
