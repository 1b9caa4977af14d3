import * as z from 'zod'

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
  tag_trades: z.boolean().default(true).describe('tag the trades that icebergs made, where something asks for them'),
  trade_tag_context_key: z
    .string()
    .min(1)
    .default('trades_iceberg')
    .describe('a second name of the side output iceberg_trades'),
  match_tolerance_seconds: seconds
    .default(0.0005)
    .describe('how far a tagged trade is from the execution of an iceberg'),
  price_match: z.boolean().default(true).describe('only trades at the price of that execution'),
  trade_match_enabled: z.boolean().default(true).describe('also tag trades by their size'),
  trade_match_tolerance_seconds: seconds.default(0.0005).describe('how far such a trade is from an execution'),
  trade_match_price_match: z.boolean().default(true).describe('only such trades at the price of that execution'),
  trade_match_exclude_exact: z
    .boolean()
    .default(true)
    .describe('none for which there is an execution of its size: it hides nothing'),
  trade_match_size_tolerance: z.number().min(0).default(0).describe('by how much sizes may differ and be equal'),
  trade_match_trade_types: z.array(z.string()).default(['LIT', 'DARK']).describe('types of such trades; [] = any'),
  trade_match_classifications: z.array(z.string()).default([]).describe('classes of such trades; [] = any'),
  trade_match_require_side: z
    .boolean()
    .default(true)
    .describe('only trades whose side is known; else it is that of the price against the mid before'),
}
