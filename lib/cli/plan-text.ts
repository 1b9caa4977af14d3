import type { BucketRule } from '../core/index.js'
import type { PlannedLaterText, PlannedPassText, RunPlan } from '../describe.js'
import { size } from './progress.js'
import { textTable } from './table.js'
import { timelineLines } from './timeline-text.js'

/** Writes a plan for people. */
export function planText({ passes, workers, memoryBudget, warnings, notes }: RunPlan): string {
  const head = `${passes.length} ${passes.length === 1 ? 'pass' : 'passes'}, ${workers} workers, memory budget ${size(memoryBudget)}`
  return [
    head,
    ...warnings,
    ...notes.map(note => `note: ${note}`),
    ...flowText(passes),
    ...passes.map(pass => (pass.kind === 'raw' ? passText(pass) : laterText(pass))),
  ].join('\n\n')
}

function passText(pass: PlannedPassText): string {
  const most = Math.max(0, ...pass.units.map(({ memory }) => memory))
  const lines = [
    `pass ${pass.name}: modules ${pass.modules.join(', ')} over ${pass.table}, ${rowText(pass)}`,
    `  reads ${pass.files} files, ${pass.rows.toLocaleString('en')} rows, ${size(pass.bytes)} of ${pass.columnsRead.length} columns`,
    ...pass.takes.map(takenLine),
    ...(pass.auctions ? [auctionLine(pass.auctions)] : []),
    ...(pass.timeline ? timelineLines(pass.timeline).map(line => `  ${line}`) : []),
    `  ${pass.units.length === 1 ? '1 unit' : `${pass.units.length} units`}${most > 0 ? `; what waits in the largest is estimated at ${size(most)}` : ''}`,
    ...memoryText(pass),
    ...keptText(pass),
  ]
  const read = textTable(
    ['column read', 'from', 'type'],
    pass.columnsRead.map(({ name, from, type }) => [name, from, type]),
  )
  const folds = textTable(
    ['fold', 'of', 'over rows', 'shared by'],
    pass.folds.map(({ kernel, of, rows, usedBy }) => [kernel, shortened(of), shortened(rows), usedBy.join(', ')]),
  )
  const derived = pass.derived.map(({ name, formula }) => `${name} = ${formula}`).join('\n')
  return [
    ...lines,
    indented(read),
    ...(derived ? [indented(derived)] : []),
    indented(folds),
    indented(columnsText(pass)),
  ].join('\n\n')
}

/** Says that auctions have buckets of their own, and where their times come from. */
const auctionLine = ({ files, rows }: NonNullable<PlannedPassText['auctions']>): string =>
  `  one bucket more for each auction, told by Session: rows by their MarketState, times by marketstate (${rows.toLocaleString('en')} changes in ${files} files)`

/** Says which columns come from an internal pass: row for row, or from quotes, and of which instant. */
function takenLine(taken: PlannedPassText['takes'][number]): string {
  const { source } = taken
  if (taken.by === 'row')
    return `  takes of ${source}, row for row: ${taken.columns.map(({ name }) => name).join(', ')}`
  if (taken.by === 'near')
    return `  finds among rows of ${source} near in time: ${taken.columns.map(({ name }) => name).join(', ')}`
  const texts = taken.columns.map(({ name, lead, strict }) => {
    const when = lead === 0 ? '' : ` ${Math.abs(lead) / 1e6} ms ${lead > 0 ? 'after' : 'before'}`
    return `${name} (the last ${strict ? 'before' : 'at or before'} the row${when && ','}${when})`
  })
  const young = taken.tolerance ? `, none older than ${taken.tolerance.ns / 1e9} s` : ''
  const limit = taken.states ? '; ahead up to the end of continuous trading in marketstate' : ''
  return `  takes of ${source}: ${texts.join(', ')}${young}${limit}`
}

const WAITS = {
  day: 'metrics need the rows of their whole day',
  auctions: 'buckets of auctions may be as long as the day',
  unordered: 'row groups in no order touch the same bars',
  unbounded: 'the files do not tell which row groups touch which bars',
} as const

/** Says what the pass needs at least, and which units are cut into symbol batches. */
function memoryText({ memory: { workers, floor, floorOfOne, batches }, units }: PassMemory): string[] {
  const one = workers > 1 ? `, ${size(floorOfOne)} with 1` : ''
  const lines = [
    workers === 0
      ? `  needs ${size(floorOfOne)} at least with 1 worker: the memory budget is too little`
      : `  needs ${size(floor)} at least with ${workers} ${workers === 1 ? 'worker' : 'workers'}${one}`,
  ]
  const most = Math.max(1, ...batches)
  const because = units[batches.indexOf(most)]?.because
  if (most > 1 && because) {
    lines.push(`  units are cut into up to ${most} symbol batches: ${WAITS[because]}`)
    if (most > 2)
      lines.push('  row groups that hold rows of several batches are read once; their rows wait on disk, by batch')
  }
  return lines
}

type PassMemory = Pick<PlannedPassText, 'memory' | 'units'>

/** Draws the passes, and which read which. */
function flowText(passes: RunPlan['passes']): string[] {
  if (passes.every(pass => pass.kind === 'raw' && pass.takes.length === 0)) return []
  const lines = passes.map(pass => {
    if (pass.kind === 'raw')
      return `${[pass.table, ...pass.takes.map(({ source }) => source)].join(' + ')} ──▶ ${pass.name} (by ${pass.scope})`
    const sources = [...new Set(pass.reads.map(({ from }) => from))]
    return `${sources.join(' + ')} ──▶ ${pass.name} (by ${pass.parts?.join(', ') ?? 'the whole run'})`
  })
  return [lines.join('\n')]
}

function laterText(pass: PlannedLaterText): string {
  const bucket = pass.bucket ? bucketText(pass.bucket as BucketRule) : 'rows without a time'
  const lines = [
    `pass ${pass.name}: modules ${pass.modules.join(', ')}, ${bucket}`,
    `  a row for each ${pass.keys.join(', ')}`,
    ...pass.reads.map(({ module, from, columns }) => `  ${module} reads ${from}: ${columns.join(', ')}`),
    ...keptText(pass),
  ]
  return [...lines, indented(columnsText(pass))].join('\n\n')
}

/** Says which columns go on to later passes without being written. */
const keptText = ({ kept }: { kept: string[] }) =>
  kept.length > 0 ? [`  kept for later passes, not written: ${kept.join(', ')}`] : []

function columnsText({ columns }: Pick<PlannedPassText, 'columns'>): string {
  return textTable(
    ['output column', 'type', 'unit', 'merge', 'H', 'from'],
    columns.map(({ name, type, unit, merge, hindsight, from }) => [
      name,
      type,
      unit,
      merge,
      hindsight ? 'H' : '',
      from,
    ]),
  )
}

function rowText({ row, bucket }: PlannedPassText): string {
  return row === null ? bucketText(bucket as BucketRule) : `one row a ${row}, of each listing and date by itself`
}

function bucketText({ mode, width, anchor, closed }: BucketRule): string {
  if (mode === 'daily_analytics') return `one row a listing and day, labelled at its ${anchor}`
  if (mode === 'sparse_original') return 'one row a listing and event time'
  return `buckets of ${width / 1e9} s, label = ${anchor}, ${closed} edge closed`
}

const shortened = (text: string): string => (text.length > 90 ? `${text.slice(0, 89)}…` : text)

const indented = (text: string): string => text.replace(/^/gm, '  ')
