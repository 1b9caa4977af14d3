import type { DataFile } from '../core/index.js'
import type { PassRun } from './pass.js'
import type { RunOptions } from './run.js'
import type { ShredsOptions } from './shreds.js'
import type { Tally } from './tally.js'

/** Who is told of what has been read. */
export interface Reading {
  folded: NonNullable<RunOptions['onPart']>
  shredded: ShredsOptions['onRowGroup']
  unread: (rows: number) => void
  cut: NonNullable<RunOptions['onCut']>
}

/** Returns what counts bytes and rows that are read, and tells how far a pass has come. */
export function readingOf({ plan, onEvent }: PassRun, total: number, tally: Tally): Reading {
  const sources = [...new Set(plan.bindings.flatMap(({ source }) => source ?? []))]
  const progress = { rows: 0, total }
  const advance = (rows: number) => {
    progress.rows += rows
    onEvent?.({ kind: 'progress', pass: plan.name, ...progress })
  }
  const read = ({ rowGroups }: DataFile, rowGroup: number) => {
    const { rows, bytes } = rowGroups[rowGroup]
    tally.read(sources.reduce((sum, source) => sum + (bytes[source] ?? 0), 0))
    advance(rows)
  }
  return {
    unread: advance,
    folded: (file, { rowGroup, shredded }) => (shredded ? advance(shredded.rows) : read(file, rowGroup)),
    shredded(file, { rowGroup, nonFinite }) {
      read(file, rowGroup)
      tally.nonFinite(nonFinite)
    },
    cut(unit, halves, error) {
      tally.cut(unit, halves, error)
      progress.total += halves.reduce((rows, half) => rows + half.rows, 0)
    },
  }
}
