import {
  add,
  and,
  col,
  type Expr,
  eq,
  ge,
  gt,
  isIn,
  lt,
  ne,
  or,
  type TableSettings,
  type TakenFrom,
  TRUE,
  when,
} from '../../lib/core/index.js'
import { MATCH, MATCH_COLUMNS } from './matches.js'

/** What makes a trade one of an iceberg (semantics 5.9), times in ns. */
interface Tagging {
  tolerance: number
  priceMatch: boolean
  leastRevealed: number
  match: boolean
  matchTolerance: number
  matchPrice: boolean
  excludeExact: boolean
  sizeTolerance: number
  tradeTypes: string[]
  classifications: string[]
  requireSide: boolean
}

const TYPES = ['LIT', 'DARK']

/** Reads the settings of block iceberg_analytics, of which a pass may have left out any. */
// biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema, or absent.
export const taggingOf = (block: any): Record<string, unknown> => {
  const seconds = (value: unknown) => Math.round(Number(value ?? 0.0005) * 1e9)
  return {
    tolerance: seconds(block?.match_tolerance_seconds),
    priceMatch: block?.price_match ?? true,
    leastRevealed: block?.min_revealed_qty ?? 0,
    match: block?.trade_match_enabled ?? true,
    matchTolerance: seconds(block?.trade_match_tolerance_seconds),
    matchPrice: block?.trade_match_price_match ?? true,
    excludeExact: block?.trade_match_exclude_exact ?? true,
    sizeTolerance: block?.trade_match_size_tolerance ?? 0,
    tradeTypes: block?.trade_match_trade_types ?? TYPES,
    classifications: block?.trade_match_classifications ?? [],
    requireSide: block?.trade_match_require_side ?? true,
  } satisfies Tagging
}

const taggingIn = ({ icebergs }: TableSettings) => icebergs as unknown as Tagging

/** Codes of the column IcebergTag. */
export const TAGS = ['', 'L3_REVEALED', 'TRADE_MATCH', 'BOTH'] as const

/** The column that says of a trade which icebergs it is of, by number in TAGS. */
export const ICEBERG_TAG = 'IcebergTag'

/**
 * Tells which tag a trade has: 1 near an execution that reveals an iceberg, 2 near an execution of the side that it met but of
 * none of its size, 3 both, 0 none. A side that is not known may be taken from the price against the mid.
 */
export function tagOf(has: (column: string) => boolean, settings: TableSettings): Expr | undefined {
  if (!settings.icebergs) return undefined
  const tagging = taggingIn(settings)
  const revealed = when(eq('IcebergRevealed', 1), 1, 0)
  if (!tagging.match) return revealed
  const byMid = when(gt('LocalPrice', 'PreTradeMid'), 1, when(lt('LocalPrice', 'PreTradeMid'), -1, 0))
  const direction = tagging.requireSide ? col('Direction') : when(ne('Direction', 0), 'Direction', byMid)
  const found = when(eq(direction, 1), 'IcebergMatchAsk', when(eq(direction, -1), 'IcebergMatchBid', MATCH.none))
  const matched = tagging.excludeExact ? eq(found, MATCH.otherSize) : ge(found, MATCH.otherSize)
  const eligible = and(matched, ofTypes(has, tagging), ofClasses(tagging))
  return add(revealed, when(eligible, 2, 0))
}

/** The usual types are not asked for where nothing says of which type a trade is. */
function ofTypes(has: (column: string) => boolean, { tradeTypes }: Tagging): Expr {
  const isUsual = tradeTypes.join() === TYPES.join()
  return tradeTypes.length === 0 || (isUsual && !has('BMLLTradeType')) ? TRUE : isIn('BMLLTradeType', tradeTypes)
}

const ofClasses = ({ classifications }: Tagging): Expr =>
  classifications.length === 0 ? TRUE : or(isIn('Classification', classifications))

/** Where trades take from what they are tagged by. */
export const matchesTaken: TakenFrom = {
  by: 'near',
  module: 'l3_executions',
  table: 'l3',
  known: 'Price',
  values: ['Price', 'Size', 'RevealedQty', 'Side'],
  operator: 'iceberg_matches',
  parameters(settings) {
    const { tolerance, priceMatch, leastRevealed, matchTolerance, matchPrice, sizeTolerance } = taggingIn(settings)
    return {
      inputs: { price: col('LocalPrice'), size: col('Size') },
      settings: { tolerance, priceMatch, leastRevealed, matchTolerance, matchPrice, sizeTolerance },
    }
  },
  column: name => ((MATCH_COLUMNS as readonly string[]).includes(name) ? { value: name } : undefined),
}
