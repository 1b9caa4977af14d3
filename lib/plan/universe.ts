/** One condition of a universe: a column (or `listing`, `file`) and the values that meet it. */
export interface Term {
  name: string
  values: string[]
}

/** Reads UNIVERSE: `mic=XLON,XPAR+listing=1,2`; a list of such texts must hold together. */
export function termsOf(universe: string | string[] | null): Term[] {
  return [universe ?? []].flat().flatMap(text =>
    text.split('+').map(term => {
      const at = term.indexOf('=')
      return {
        name: term.slice(0, at).trim(),
        values: term
          .slice(at + 1)
          .split(',')
          .map(value => value.trim()),
      }
    }),
  )
}
