import { BasaltError, type Column, type Frame, frameColumn, halves, valueText } from '../../lib/core/index.js'
import type { Groups, Key } from './groups.js'

/**
 * Checks that no group has two rows of one time: a series over rows would take them for two. Throws a data fault that
 * names the group and the time. Groups are by `by`, in ascending order of `time`.
 */
export function onePerLabel(frame: Frame, groups: Groups, by: readonly Key[], time: string, module: string): void {
  const { count, rows, starts } = groups
  if (frame.rows === 0) return
  const times = frameColumn(frame, time)
  const { words, width } = wordsOf(times)
  for (let g = 0; g < count; g++) {
    for (let k = starts[g] + 1; k < starts[g + 1]; k++) {
      const [a, b] = [rows[k - 1] * width, rows[k] * width]
      if (words[a] !== words[b] || words[a + width - 1] !== words[b + width - 1]) continue
      const group = by.map(({ name }) => `${name} ${valueText(frameColumn(frame, name), rows[k])}`).join(', ')
      const keys = [...by.map(({ name }) => name), time].join(' and ')
      throw new BasaltError(
        'data',
        `two rows${group && ` of ${group}`} have the ${time} ${valueText(times, rows[k])}, and ${module} needs one; ` +
          `group by ${keys} in a pass of module generic first`,
        { field: time },
      )
    }
  }
}

/** Views times as 32-bit words, as comparing them makes no BigInt. */
function wordsOf({ values }: Column): { words: Int32Array; width: number } {
  if (values instanceof BigInt64Array) return { words: halves(values), width: 2 }
  return { words: values as Int32Array, width: 1 }
}
