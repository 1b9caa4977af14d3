import type { TakenFrom } from '../../lib/core/index.js'

const NS_PER_MS = 1_000_000

/** What trades that carry no quote take of the one that stood before them, by what it is there. */
const AT_THE_TRADE: Record<string, string> = {
  PreTradeMid: 'Mid',
  MidPrice: 'Mid',
  WeightedMidPrice: 'WeightedMid',
  // Quotes of a listing are those of its venue; without others they stand for the consolidated ones, too.
  ...Object.fromEntries(
    ['', 'AtVenue'].flatMap(suffix =>
      ['Bid', 'Ask'].flatMap(side => [
        [`Best${side}Price${suffix}`, side],
        [`Best${side}Size${suffix}`, `${side}Size`],
      ]),
    ),
  ),
}

/** Names the quantity of the best level of the listing's own book, ns after a trade; null: strictly before it. */
export const bookSize = (side: 'Bid' | 'Ask', after: number | null): string =>
  after === null ? `Book${side}SizeBefore` : `Book${side}SizeAfter${after}ns`

/** Reads such a name: whatever trades carry, it comes of quotes. */
function ofBook(name: string): { value: string; lead: number; strict: boolean } | undefined {
  const [, side, after] = /^Book(Bid|Ask)Size(?:Before|After(\d+)ns)$/.exec(name) ?? []
  return side ? { value: `${side}Size`, lead: Number(after ?? 0), strict: after === undefined } : undefined
}

const QUOTES = { by: 'time', module: 'standing_quotes', table: 'l2', known: 'Mid', since: 'Since' } as const

/** Where trades take from what they do not carry of quotes, and of the book before and after them. */
export const quotesTaken: TakenFrom[] = [
  { ...QUOTES, anyAge: true, column: ofBook },
  {
    ...QUOTES,
    // Before a trade, strictly; a horizon's mid is that of its instant (semantics 5.1, impact rules).
    column(name) {
      const value = Object.hasOwn(AT_THE_TRADE, name) ? AT_THE_TRADE[name] : undefined
      if (value) return { value, lead: 0, strict: true }
      const [, when, ms] = /^(Pre|Post)TradeMid(\d+)ms$/.exec(name) ?? []
      if (!when) return undefined
      return { value: 'Mid', lead: Number(ms) * (when === 'Post' ? NS_PER_MS : -NS_PER_MS), strict: false }
    },
  },
]
