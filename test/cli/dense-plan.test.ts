import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { planText } from '../../lib/cli/plan-text.js'
import { folderFor } from '../exec/folder.js'
import { smallMarket } from '../laws/market.js'

t.setTimeout(60_000)

t.test('a plan says which grid a pass lays and what it fills', async t => {
  const config = await smallMarket(folderFor(t))
  const trade_analytics = { generic_metrics: [{ measures: ['OHLC', 'Volume', 'VWAP'] }] }
  const pass = { modules: ['trade'], timeline_mode: 'dense', time_bucket_seconds: 900, trade_analytics }
  const PASSES = [
    { ...pass, name: 'states', dense_analytics: { grid_states: ['CONTINUOUS_TRADING', 'HALTED'], pad_seconds: 1.5 } },
    {
      ...pass,
      name: 'hours',
      time_zone: 'Europe/Paris',
      fill: { TradeTotalVWAP: 'zero', Open: { forward: 3 } },
      fill_across_sessions: true,
      dense_analytics: {
        mode: 'uniform',
        time_interval: ['09:00', '17:30:00.5'],
        outside_grid: 'drop',
        calendar: { '2026-02-04': ['09:00', '12:00'], '2026-12-25': 'closed' },
      },
    },
    { name: 'sparse', modules: ['trade'], trade_analytics },
  ]
  const plan = await basalt({ ...config, DEFAULT_FFILL: true, PASSES }).plan()
  const lines = planText(plan).split('\n')
  const passes = plan.passes.filter(pass => pass.kind === 'raw')
  const said = (line: string) => t.ok(lines.includes(`  ${line}`), line)
  const changes = passes[0].timeline?.grid?.marketstate
  t.match(changes, { files: 4, rows: Number })
  said(
    `grid adaptative: market state CONTINUOUS_TRADING or HALTED, widened by 1.5 s; as many rows as marketstate says (${changes?.rows} changes in 4 files); bars outside it stay`,
  )
  said('nulls filled forward, not from one session to the next: Open, High, Low, Close, TradeTotalVWAP')
  // 34 quarters of an hour on one day, 12 on the other, of 4 listings.
  said(
    'grid uniform: 09:00:00 to 17:30:00.5 Europe/Paris, 34 rows a listing and date, 184 rows of listings that the reference table names, 2 dates by calendar; bars outside it are dropped',
  )
  said('nulls filled forward over at most 3 rows: Open')
  said('nulls filled with 0: TradeTotalVWAP')
  said('nulls filled forward: High, Low, Close')
  t.equal(passes[2].timeline?.grid, null)
  t.same(plan.notes.filter(note => note.includes('session_end')).length, 1, 'the end of a last state')
})
