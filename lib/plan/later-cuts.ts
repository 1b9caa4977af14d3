import type { Cut, LaterStep } from '../core/index.js'

/**
 * Lists the ways to compute a later pass in parts, the best first: a cut of each step, by the same columns, as the rows of
 * steps are joined on the keys.
 */
export function sharedCuts([first, ...others]: readonly LaterStep[]): Cut[][] {
  const same = (a: Cut, b: Cut) => String(a.columns[0]) === String(b.columns[0])
  return first.cuts.flatMap(cut => {
    const theirs = others.map(({ cuts }) => cuts.find(other => same(cut, other)))
    return theirs.includes(undefined) ? [] : [[cut, ...(theirs as Cut[])]]
  })
}
