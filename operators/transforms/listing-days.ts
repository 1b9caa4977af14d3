import { type Column, halves } from '../../lib/core/index.js'

/** Finds the rows at which another listing or day begins, in batches that follow one another. */
export class ListingDays {
  private day = Number.NaN
  private listing: unknown

  /** Returns 1 for each row whose listing or day is another than that of the row before. */
  starts(dates: Column & { type: 'date' }, listings: Column): Uint8Array {
    const { values, valid } = listings
    const rows = dates.values.length
    const starts = new Uint8Array(rows)
    const word = (row: number) => {
      if (valid && !valid[row]) return null
      return listings.type === 'str' ? listings.dictionary.words[listings.values[row]] : values[row]
    }
    starts[0] = Number(dates.values[0] !== this.day || word(0) !== this.listing)
    const words = values instanceof BigInt64Array ? halves(values) : null
    for (let row = 1; row < rows; row++) {
      const moved = words
        ? words[2 * row] !== words[2 * row - 2] || words[2 * row + 1] !== words[2 * row - 1]
        : values[row] !== values[row - 1]
      starts[row] = Number(
        dates.values[row] !== dates.values[row - 1] || moved || (valid !== null && valid[row] !== valid[row - 1]),
      )
    }
    this.day = dates.values[rows - 1]
    this.listing = word(rows - 1)
    return starts
  }
}
