import * as z from 'zod'

const NOT_YET = 'not available in this version: module iceberg tags no trades'

/** A setting of what is not built yet: it may be written, but only as what it is anyway. */
const untouched = (value: unknown, doc: string) =>
  z
    .unknown()
    .refine(given => JSON.stringify(given) === JSON.stringify(value), {
      error: `${NOT_YET}; leave it out, or write ${JSON.stringify(value)}`,
    })
    .default(value)
    .describe(doc)

const seconds = z.number().min(0)

/** What counts as an iceberg, and which orders are one. */
export const icebergSettings = {
  min_revealed_qty: z.number().min(0).default(0).describe('an execution that reveals no more than this is no iceberg'),
  avg_size_source: z
    .enum(['RevealedQty', 'ExecutionSize', 'OldSize'])
    .default('RevealedQty')
    .describe('what AverageSize averages'),
  imbalance_source: z
    .enum(['ExecutionSize', 'RevealedQty'])
    .default('ExecutionSize')
    .describe('what OrderImbalance compares'),
  enable_peak_linking: z.boolean().default(true).describe('an insert may carry on an iceberg that was just executed'),
  peak_link_tolerance_seconds: seconds.default(0.0005).describe('how long after the execution'),
  peak_link_price_match: z.boolean().default(true).describe('only at the price of the execution'),
  tag_trades: untouched(false, 'tag the trades that icebergs made'),
  trade_tag_context_key: untouched('trades_iceberg', 'where tagged trades are'),
  match_tolerance_seconds: untouched(0.0005, 'how far a tagged trade is from the execution of an iceberg'),
  price_match: untouched(true, 'only trades at the price of the execution'),
  trade_match_enabled: untouched(true, 'also tag trades by their size'),
  trade_match_tolerance_seconds: untouched(0.0005, 'how far such a trade is from the execution'),
  trade_match_price_match: untouched(true, 'only such trades at the price of the execution'),
  trade_match_exclude_exact: untouched(true, 'none of the size of the execution'),
  trade_match_size_tolerance: untouched(0, 'sizes that are taken to be equal'),
  trade_match_trade_types: untouched(['LIT', 'DARK'], 'types of such trades'),
  trade_match_classifications: untouched([], 'classes of such trades'),
  trade_match_require_side: untouched(true, 'only trades whose side is known'),
}
