import t from 'tap'
import * as z from 'zod'
import { type Fields, type LaterModule, Registry } from '../../../lib/core/index.js'
import * as pack from '../../../operators/index.js'
import { type Cell, computed, frameFrom, planned, rowsOf, sourceFrom } from './frames.js'

const registry = new Registry().add(pack, 'built-in')

const CONFIGS: Record<string, Record<string, unknown>[]> = {
  observed_events: [{}, { label: 'confirmation', indicator: 'ewma' }],
  correlation: [{}, { method: 'spearman', output_format: 'matrix' }, { method: 'soft', group_by: ['TimeBucket'] }],
  hurst: [{}, { mode: 'rolling', rolling_window: 30 }],
  predictor: [{ target_column: 'Close' }, { target_column: 'Close', method: 'spearman', include_p_value: false }],
  alpha101: [{}],
}

const KEYS = ['Date', 'ListingId', 'TimeBucket']

const column = (seed: number): Cell[] =>
  Array.from({ length: 100 }, (_, i) => ((i * seed) % 23 === 3 ? null : 100 + ((i * i * seed) % 37)))

const bars = frameFrom({
  'Date:date': column(1).map(() => 20_000),
  'ListingId:i64': column(1).map((_, i) => 1 + (i % 2)),
  'TimeBucket:ts': column(1).map((_, i) => 60 * (i >> 1)),
  Open: column(3),
  High: column(5),
  Low: column(7),
  Close: column(11),
  'TradeTotalVolume:i64': column(13),
  TradeTotalVWAP: column(17),
})

const later = (name: string): LaterModule => registry.get('laterModules', name)

for (const [name, configs] of Object.entries(CONFIGS)) {
  t.test(name, async t => {
    const module = later(name)
    t.equal(module.block, `${name}_analytics`)
    t.match(module.doc, /^\S.{20,}/)
    const schema = z.strictObject(module.settings as Fields as Record<string, z.ZodType>)
    const properties = z.toJSONSchema(schema, { io: 'input' }).properties ?? {}
    for (const [setting, described] of Object.entries(properties)) {
      t.match((described as { description?: string }).description, /^\S.{3,}/, setting)
    }
    t.same(module.sources(schema.parse(configs[0])), [{ field: 'source_pass', name: null }])
    for (const config of configs) {
      const { outline, refused, warned } = planned(module, sourceFrom(bars, KEYS), config)
      t.same([refused, warned], [[], []])
      if (!outline) return t.fail('no outline')
      t.ok(outline.reads[0].every(read => bars.columns.has(read)))
      for (const { name, unit, doc, formula, nullRule, from, merge, hindsight } of outline.columns) {
        t.match(name, /^[A-Z][A-Za-z0-9]*$/)
        t.ok(
          [unit, doc, formula, nullRule, from].every(text => text.length > 0),
          name,
        )
        t.equal(merge, outline.keys.includes(name) ? 'key' : '–', name)
        const ahead = module.name === 'observed_events' && config.label !== 'confirmation' && merge !== 'key'
        t.equal(hindsight, ahead, name)
      }
      const rows = rowsOf(await computed(module, bars, KEYS, config, 9))
      t.ok(rows.length > 0)
    }
  })
}
