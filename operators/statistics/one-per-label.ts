import { BasaltError, type Frame, frameColumn, halves, stampText } from '../../lib/core/index.js'
import type { Groups } from './groups.js'

/**
 * Checks that no listing has two rows of one TimeBucket: a series over rows would take them for two times. Throws a data
 * fault that names the listing and the label.
 */
export function onePerLabel(frame: Frame, { count, rows, starts }: Groups, module: string): void {
  if (frame.rows === 0) return
  const labels = frameColumn(frame, 'TimeBucket').values as BigInt64Array
  const words = halves(labels)
  for (let g = 0; g < count; g++) {
    for (let k = starts[g] + 1; k < starts[g + 1]; k++) {
      const [a, b] = [2 * rows[k - 1], 2 * rows[k]]
      if (words[a] !== words[b] || words[a + 1] !== words[b + 1]) continue
      const listing = frameColumn(frame, 'ListingId')
      const id = listing.type === 'str' ? listing.dictionary.words[listing.values[rows[k]]] : listing.values[rows[k]]
      throw new BasaltError(
        'data',
        `two rows of listing ${id} have the TimeBucket ${stampText(labels[rows[k]])}, and ${module} needs one; ` +
          'group by ListingId and TimeBucket in a pass of module generic first',
        { field: 'TimeBucket' },
      )
    }
  }
}
