import { and, div, eq, mean, mul, ne, sub, sum, when } from '../../../lib/core/index.js'
import { ASK, BID, quoteMid, validQuote } from '../quote.js'
import { microstructure } from './family.js'

/** Trades of known side with a valid quote. */
const quoted = () => and(ne('Direction', 0), validQuote())

const improvement = () => when(eq('Direction', 1), sub(ASK, 'LocalPrice'), sub('LocalPrice', BID))

export const effectiveOverQuoted = microstructure({
  pick: 'EffectiveOverQuoted',
  unit: 'ratio',
  doc: 'effective spread over quoted spread, weighted by quantity: below 1 where trades beat the quote',
  formula: 'Σ 2D(p - m)q / Σ (a - b)q over D ≠ 0, quote at the trade two-sided and not crossed',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({
    effective: sum(mul(mul(mul(2, 'Direction'), sub('LocalPrice', quoteMid())), 'Size'), quoted()),
    spread: sum(mul(sub(ASK, BID), 'Size'), quoted()),
  }),
  value: ({ effective, spread }) => effective / spread,
})

export const priceImprovement = microstructure({
  pick: 'PriceImprovement',
  unit: 'local currency',
  doc: 'mean saving against the quote at the trade: below the ask when buying, above the bid when selling',
  formula: 'mean of a - p where D = 1, p - b where D = -1',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({ improvement: mean(improvement(), quoted()) }),
})

export const priceImprovementBps = microstructure({
  pick: 'PriceImprovementBps',
  unit: 'bps',
  doc: 'mean saving against the quote at the trade, each in bps of the mid of that quote',
  formula: 'mean of 10⁴·(a - p)/m where D = 1, 10⁴·(p - b)/m where D = -1',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({ improvement: mean(div(mul(10_000, improvement()), quoteMid()), quoted()) }),
})
