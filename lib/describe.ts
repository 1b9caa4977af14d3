import { bytesOf } from '../configs/index.js'
import { keyOf, type OutputColumn, type TakenPlan, textOf } from './core/index.js'
import { describeTimeline, statesOf, type TimelineText } from './describe-timeline.js'
import { availableMemory, workerCount } from './exec/pass.js'
import { estimateUnit, floorFor, floorOf, sharedCuts, workersWithin } from './plan/index.js'
import { isRaw, type Prepared, type PreparedLater, type PreparedPass } from './prepare.js'

/** What a run would do, as plain data: `pipeline plan --json` prints it. */
export interface RunPlan {
  passes: (PlannedPassText | PlannedLaterText)[]
  workers: number
  memoryBudget: number // bytes
  configHash: string
  warnings: string[]
  notes: string[]
}

export interface PlannedPassText {
  kind: 'raw'
  name: string
  modules: string[]
  table: string
  scope: string
  bucket: unknown
  /** The grid laid between bars, and fills; null where bars stay as they are. */
  timeline: TimelineText | null
  /** What is read of the table of market states to keep auctions apart; null where they are not. */
  auctions: { files: number; rows: number } | null
  /** What a row is where it is no bucket: `bar`. */
  row: string | null
  /** `memory`: what is expected to wait in memory, in bytes; `because`: what for. */
  units: {
    id: string
    rows: number
    bytes: number
    files: number
    memory: number
    because: 'day' | 'auctions' | 'unordered' | 'unbounded' | null
  }[]
  /** What the command needs at least, in bytes, and the symbol batches that each unit is cut into. */
  memory: { workers: number; floor: number; floorOfOne: number; batches: number[] }
  files: number
  rows: number
  bytes: number // compressed, of the columns read
  columnsRead: { name: string; from: string; type: string }[]
  /** Columns computed from those that are read, where a fold uses them. */
  derived: { name: string; formula: string }[]
  /** Columns taken from internal passes: as of the time of each row, near it, or row for row. */
  takes: TakenPlan[]
  /** Every distinct fold, with the output columns that share it. */
  folds: { kernel: string; of: string; rows: string; usedBy: string[] }[]
  columns: OutputColumn[]
  /** Columns that are kept for later passes and not written. */
  kept: string[]
}

export interface PlannedLaterText {
  kind: 'later'
  name: string
  modules: string[]
  scope: string
  /** Columns by which it can be computed in parts; null: in one go. */
  parts: string[] | null
  bucket: unknown
  keys: string[]
  /** What each module reads: columns that flow to it from another pass. */
  reads: { module: string; from: string; columns: string[] }[]
  columns: OutputColumn[]
  kept: string[]
}

export function describePlan(prepared: Prepared): RunPlan {
  const { config, loaded, warnings, notes } = prepared
  const workers = workerCount(config.EXECUTION.workers)
  return {
    passes: prepared.passes.map(pass => (isRaw(pass) ? describePass(prepared, pass, workers) : describeLater(pass))),
    workers,
    memoryBudget: bytesOf(config.EXECUTION.memory_budget, availableMemory()),
    configHash: loaded.hash(),
    warnings,
    notes,
  }
}

function describePass(prepared: Prepared, pass: PreparedPass, workers: number): PlannedPassText {
  const { registry, config } = prepared
  const budget = bytesOf(config.EXECUTION.memory_budget, availableMemory())
  const { plan, units, files } = pass
  const { aggregate } = plan
  const { sequence } = aggregate
  const maker = sequence && registry.get('kernels', aggregate.folds[sequence.fold].kernel)
  const names = new Map(plan.derived.map(({ name, expr }) => [keyOf(expr), name]))
  const texts = aggregate.folds.flatMap(({ inputs, where }) => [...inputs, where].map(each => textOf(each, names)))
  const described = units.map(unit => {
    const { rows, bytes, memory, because } = estimateUnit(unit, plan, files, registry, true)
    return { id: unit.id, rows, bytes, files: new Set(unit.parts.map(({ file }) => file)).size, memory, because }
  })
  const floor = floorOf(plan, units, files, registry)
  const parts = units.reduce((count, unit) => count + unit.parts.length, 0)
  const asked = Math.max(1, Math.min(workers, parts))
  const fits = config.EXECUTION.workers === -1 ? workersWithin(floor, budget, asked) : asked
  const least = floorFor(floor, Math.max(1, fits))
  return {
    kind: 'raw',
    name: plan.name,
    modules: plan.modules,
    table: plan.table,
    scope: plan.scope,
    bucket: aggregate.rule,
    timeline: describeTimeline(prepared, pass),
    auctions: plan.auctions ? statesOf(pass) : null,
    takes: plan.taken ?? [],
    row: maker?.kind === 'sequence' ? maker.row : null,
    units: described,
    memory: {
      workers: fits,
      floor: least,
      floorOfOne: floorFor(floor, 1),
      batches: described.map(({ memory }) => (least < budget ? Math.ceil(memory / (budget - least)) : 0) || 1),
    },
    files: new Set(units.flatMap(({ parts }) => parts.map(({ file }) => file))).size,
    rows: described.reduce((total, { rows }) => total + rows, 0),
    bytes: described.reduce((total, { bytes }) => total + bytes, 0),
    columnsRead: plan.bindings.map(({ name, source, partition, constant, type }) => ({
      name,
      from: source ?? (partition ? `path (${partition})` : `constant ${constant}`),
      type,
    })),
    derived: plan.derived
      .filter(({ name }) => texts.some(text => text.includes(name)))
      .map(({ name, expr }) => ({
        name,
        formula: textOf(expr, new Map([...names].filter(([, known]) => known !== name))),
      })),
    folds: aggregate.folds.map(({ kernel, inputs, where }, i) => ({
      kernel,
      of: inputs.map(input => textOf(input, names)).join(', '),
      rows: textOf(where, names),
      usedBy: [
        ...plan.derive.filter(({ folds }) => Object.values(folds).includes(i)),
        ...(sequence?.fold === i ? sequence.columns : []),
      ].map(({ name }) => name),
    })),
    columns: plan.columns,
    kept: plan.stateColumns.map(({ name }) => name),
  }
}

function describeLater({ plan }: PreparedLater): PlannedLaterText {
  return {
    kind: 'later',
    name: plan.name,
    modules: plan.modules,
    scope: plan.scope,
    parts: sharedCuts(plan.steps)[0]?.[0].columns[0] ?? null,
    bucket: plan.rule,
    keys: plan.keys,
    reads: plan.steps.flatMap(({ module, sources }) =>
      sources.map(({ name, columns }) => ({ module, from: name, columns })),
    ),
    columns: plan.columns,
    kept: plan.stateColumns.map(({ name }) => name),
  }
}
