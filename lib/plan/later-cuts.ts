import type { Cut, LaterStep } from '../core/index.js'

/**
 * Lists the ways to compute a later pass in parts, the best first: a cut of each step, by the same columns, as the rows of
 * steps are joined on the keys. What is kept apart by some columns is so by fewer of them, too, in larger parts.
 */
export function sharedCuts([first, ...others]: readonly LaterStep[]): Cut[][] {
  return first.cuts.flatMap(cut => {
    const chosen = [cut]
    let names = namesOf(cut)
    for (const { cuts } of others) {
      const common = (other: Cut) => names.filter(name => namesOf(other).includes(name))
      const [best] = cuts.toSorted((a, b) => common(b).length - common(a).length)
      if (!best || common(best).length === 0) return []
      chosen.push(best)
      names = common(best)
    }
    return [chosen.map(each => narrowed(each, names))]
  })
}

const namesOf = ({ columns }: Cut): string[] => columns[0] ?? []

function narrowed(cut: Cut, names: readonly string[]): Cut {
  const places = names.map(name => namesOf(cut).indexOf(name))
  return { ...cut, columns: cut.columns.map(by => by && places.map(place => by[place])) }
}
