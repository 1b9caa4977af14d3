import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { planText } from '../../lib/cli/plan-text.js'
import { folderFor } from '../exec/folder.js'
import { smallMarket } from '../laws/market.js'

t.setTimeout(60_000)

t.test('a plan says that auctions have buckets of their own, and where their times come from', async t => {
  const config = await smallMarket(folderFor(t))
  const trade_analytics = { generic_metrics: [{ measures: 'Volume' }] }
  const PASSES = [
    { name: 'apart', modules: ['trade'], auction_buckets: true, trade_analytics },
    { name: 'mixed', modules: ['trade'], trade_analytics },
  ]
  const plan = await basalt({ ...config, PASSES }).plan()
  const [apart, mixed] = plan.passes.filter(pass => pass.kind === 'raw')
  t.match(apart.auctions, { files: 4, rows: Number })
  t.equal(mixed.auctions, null)
  t.match(
    planText(plan),
    `  one bucket more for each auction, told by Session: rows by their MarketState, times by marketstate (${apart.auctions?.rows} changes in 4 files)`,
  )
  const names = (columns: { name: string; merge: string }[]) =>
    columns.slice(0, 6).map(({ name, merge }) => [name, merge])
  t.strictSame(names(apart.columns), [
    ['Date', 'key'],
    ['ListingId', 'key'],
    ['TimeBucket', 'key'],
    ['Session', 'key'],
    ['SessionStart', '–'],
    ['SessionEnd', '–'],
  ])
})
