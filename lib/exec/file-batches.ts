import {
  batchOfFrame,
  type ColumnSpec,
  dayOfStamp,
  type Frame,
  type LaterPlan,
  type RecordBatch,
  rowNumbers,
  schemaOf,
  takeRows,
} from '../core/index.js'
import { Cutter, OUTPUT_ROWS } from './cut.js'
import { shownSpecs } from './pass.js'
import type { Results } from './results.js'
import { Scatter } from './scatter.js'
import type { LaterRows } from './sorted-runs.js'

/** Cuts a result into batches of the columns that are written. */
export function* batchesOf(rows: Pick<LaterRows, 'frames'>, plan: LaterPlan): Generator<RecordBatch> {
  const specs = shownSpecs(plan)
  const cutter = new Cutter(schemaOf(specs), specs)
  for (const frame of rows.frames(specs.map(({ name }) => name))) {
    for (let from = 0; from < frame.rows; from += OUTPUT_ROWS) {
      const piece = takeRows(frame, rowNumbers(Math.min(OUTPUT_ROWS, frame.rows - from), from))
      yield* cutter.push(batchOfFrame(piece, specs))
    }
  }
  yield* cutter.end()
}

/** How rows find their files. */
export interface FileOrder {
  /** Names the file of a date by its first date; null: there is one file alone. */
  fileOf: FileOf | null
  results: Results
  /** Bytes of rows that may wait in memory for their file. */
  memory: number
}

/**
 * Yields the rows of each file, earliest dates first, in the order of the keys; `day` is a date of the file. Rows without a
 * date make one file.
 */
export function* fileBatches(
  rows: LaterRows,
  plan: LaterPlan,
  order: FileOrder,
): Generator<{ day: number | null; batch: RecordBatch }> {
  const { fileOf } = order
  const { files, isSorted } = fileOf ? filesOf(rows, fileOf) : ONE_FILE
  if (!fileOf || files.size <= 1) {
    const [day = null] = files.values()
    for (const batch of batchesOf(rows, plan)) yield { day, batch }
  } else if (isSorted) yield* oneAfterAnother(rows, plan, files, fileOf)
  else yield* scattered(rows, plan, files, { ...order, fileOf })
}

type FileOf = (day: number | null) => number

/** A date of each file, by the file's name, and whether rows come file by file, earliest first. */
interface RowFiles {
  files: Map<number, number | null>
  isSorted: boolean
}

const ONE_FILE: RowFiles = { files: new Map([[0, null]]), isSorted: true }

function filesOf(rows: LaterRows, fileOf: FileOf): RowFiles {
  const files: RowFiles['files'] = new Map()
  let isSorted = true
  let last = -Infinity
  for (const frame of rows.frames(['Date', 'TimeBucket'])) {
    const days = daysOf(frame)
    if (!days) return ONE_FILE
    for (let i = 0; i < days.length; i++) {
      if (i > 0 && days[i] === days[i - 1]) continue
      const file = fileOf(days[i])
      if (!files.has(file)) files.set(file, days[i])
      if (file < last) isSorted = false
      last = file
    }
  }
  return { files, isSorted }
}

function* oneAfterAnother(
  rows: LaterRows,
  plan: LaterPlan,
  files: RowFiles['files'],
  fileOf: FileOf,
): Generator<{ day: number | null; batch: RecordBatch }> {
  const frames = rows.frames(namesOf(plan))
  let rest: Frame | undefined
  for (const [file, day] of files) {
    const own = {
      *frames(): Generator<Frame> {
        for (;;) {
          const frame: Frame | undefined = rest ?? frames.next().value
          rest = undefined
          if (!frame) return
          const days = daysOf(frame) as Int32Array
          let end = 0
          while (end < days.length && ((end > 0 && days[end] === days[end - 1]) || fileOf(days[end]) === file)) end++
          if (end > 0) yield end === frame.rows ? frame : takeRows(frame, rowNumbers(end))
          if (end === frame.rows) continue
          rest = end === 0 ? frame : takeRows(frame, rowNumbers(frame.rows - end, end))
          return
        }
      },
    }
    for (const batch of batchesOf(own, plan)) yield { day, batch }
  }
}

function* scattered(
  rows: LaterRows,
  plan: LaterPlan,
  files: RowFiles['files'],
  { fileOf, results, memory }: FileOrder & { fileOf: FileOf },
): Generator<{ day: number | null; batch: RecordBatch }> {
  const specs: ColumnSpec[] = plan.columns.map(({ name, type }) => ({ name, type }))
  const scatter = new Scatter(results, specs, memory)
  try {
    for (const frame of rows.frames(namesOf(plan))) {
      const days = daysOf(frame) as Int32Array
      const numbers = new Int32Array(days.length)
      for (let i = 0; i < days.length; i++)
        numbers[i] = i > 0 && days[i] === days[i - 1] ? numbers[i - 1] : fileOf(days[i])
      scatter.add(frame, numbers)
    }
    for (const file of scatter.numbers) {
      const own = { frames: () => scatter.frames(file) }
      for (const batch of batchesOf(own, plan)) yield { day: files.get(file) ?? null, batch }
    }
  } finally {
    scatter.close()
  }
}

const namesOf = ({ columns }: LaterPlan): string[] => columns.map(({ name }) => name)

/** Returns the date of each row: its Date, or where rows of two dates met, that of its label. */
function daysOf({ columns, rows }: Frame): Int32Array | undefined {
  const date = columns.get('Date')
  if (date?.type !== 'date') return undefined
  const { values, valid } = date
  if (!valid) return values
  const labels = columns.get('TimeBucket')?.values as BigInt64Array | undefined
  return Int32Array.from({ length: rows }, (_, i) => (valid[i] || !labels ? values[i] : dayOfStamp(labels[i] - 1n)))
}
