import { type DataFile, isWeekend, type Unit } from '../core/index.js'

export interface UnitRequest {
  pass: string
  files: readonly DataFile[]
  /** Days asked for; null bounds are open. */
  from: number | null
  to: number | null
  excludeWeekends: boolean
}

/** Tells whether a partition date is asked for. Files without a date are: their rows are filtered instead. */
export function dayWanted(
  day: number | null,
  { from, to, excludeWeekends }: Omit<UnitRequest, 'pass' | 'files'>,
): boolean {
  if (day === null) return true
  if (from !== null && day < from) return false
  if (to !== null && day > to) return false
  return !(excludeWeekends && isWeekend(day))
}

/**
 * Cuts a pass into units: one a partition date, or one in all for files whose path holds no date. Parts of a unit are
 * row groups in (file, row group) order, the order in which partial results are merged.
 */
export function cutUnits(request: UnitRequest): Unit[] {
  const units = new Map<number | null, Unit>()
  for (const [file, { day, rowGroups }] of request.files.entries()) {
    if (!dayWanted(day, request)) continue
    let unit = units.get(day)
    if (!unit) units.set(day, (unit = { id: '', pass: request.pass, day, listings: null, parts: [], rows: 0 }))
    for (const [rowGroup, { rows }] of rowGroups.entries()) {
      if (rows === 0) continue
      unit.parts.push({ file, rowGroup })
      unit.rows += rows
    }
  }
  const days = [...units.values()].sort((a, b) => (a.day ?? 0) - (b.day ?? 0))
  return days.map(unit => ({ ...unit, id: unitId(unit) }))
}

/** Lists the parts of each file of a unit. */
export function partsByFile({ parts }: Unit): number[][] {
  const files: number[][] = []
  for (const [part, { file }] of parts.entries()) {
    if (part > 0 && parts[part - 1].file === file) files[files.length - 1].push(part)
    else files.push([part])
  }
  return files
}

/** Cuts a unit into symbol batches. `batches` lists the listings of each, ascending, so results follow one another in order. */
export function cutListings(unit: Unit, batches: (string | null)[][]): Unit[] {
  if (batches.length <= 1) return [unit]
  return batches.map((listings, i) => ({ ...unit, listings, id: `${unit.id}.${i + 1}` }))
}

function unitId({ pass, day }: Unit): string {
  return day === null ? pass : `${pass}@${new Date(day * 86_400_000).toISOString().slice(0, 10)}`
}

/**
 * Packs listings, in output order, into batches of at most `room` bytes each; a listing with more is a batch of its own.
 * Greedy, so batches depend on the data alone.
 */
export function packListings(
  listings: readonly { listing: string | null; bytes: number }[],
  room: number,
): (string | null)[][] {
  const batches: (string | null)[][] = []
  let filled = Infinity
  for (const each of listings) {
    if (filled + each.bytes > room) {
      batches.push([])
      filled = 0
    }
    batches[batches.length - 1].push(each.listing)
    filled += each.bytes
  }
  return batches
}

/** Cuts two or more listings, in output order, in two lists of about as many rows each. */
export function halveListings<Counted extends { rows: number }>(listings: readonly Counted[]): [Counted[], Counted[]] {
  const half = listings.reduce((sum, { rows }) => sum + rows, 0) / 2
  let at = 1
  let filled = listings[0].rows
  while (at < listings.length - 1 && filled + listings[at].rows / 2 <= half) filled += listings[at++].rows
  return [listings.slice(0, at), listings.slice(at)]
}
