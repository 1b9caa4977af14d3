import {
  BasaltError,
  type Column,
  type ColumnSpec,
  type Context,
  type Frame,
  faultOf,
  firstKnown,
  frameColumn,
  GrowingColumn,
  KeyTable,
  type LaterPlan,
  sorted,
  takeFound,
  valueText,
} from '../core/index.js'
import { KeyOrder } from './key-order.js'
import type { OnTwins } from './merge-runs.js'
import type { Results } from './results.js'
import { type LaterMemory, slicesOf } from './slices.js'
import { heldRows, type LaterRows, SortedRuns } from './sorted-runs.js'

/** How a later pass is computed. */
export interface LaterRunning {
  results: Results
  memory: LaterMemory
  context: Omit<Context, 'where'>
  /** The order of its rows: its keys, or another one of them. */
  order: readonly string[]
  /** Given all rows as they are made, and the share of the pass that is done. */
  onRows?: (frame: Frame, done: number) => void
}

/**
 * Computes the rows of a later pass from what earlier ones left, each key once: in one go, or, where that takes more than
 * its share of memory and the pass can be cut, slice by slice.
 */
export async function runLater(plan: LaterPlan, running: LaterRunning): Promise<LaterRows> {
  const { results, memory, context, order, onRows } = running
  const slices = slicesOf(plan, results, context.registry, memory)
  if (!slices) {
    const frame = await computed(plan, running, (step, i) => {
      const { name, columns } = plan.steps[step].sources[i]
      return results.read(name, columns)
    })
    onRows?.(frame, 1)
    return heldRows(String(order) === String(plan.keys) ? frame : sorted(frame, order))
  }
  const specs = [...plan.columns, ...plan.stateColumns].map(({ name, type }) => ({ name, type }))
  const twins: OnTwins = (a, i) => {
    throw twinsFault(plan, [rowText(plan, a, i)], false)
  }
  const runs = new SortedRuns(results, specs, order, twins, { runs: slices.count, memory: memory.slice })
  // Slices have no say in each other: they could be computed by several threads, as long as runs keep their order.
  try {
    for (let slice = 0; slice < slices.count; slice++) {
      const frame = await computed(plan, running, (step, i) => slices.read(slice, step, i))
      onRows?.(frame, (slice + 1) / slices.count)
      runs.add(frame)
    }
    return runs
  } catch (error) {
    runs.close()
    throw error
  } finally {
    slices.close()
  }
}

/** Computes rows of what is read of the sources of each step. */
async function computed(
  plan: LaterPlan,
  { results, context }: Pick<LaterRunning, 'results' | 'context'>,
  read: (step: number, source: number) => AsyncIterable<Frame> | Iterable<Frame>,
): Promise<Frame> {
  const frames: Frame[] = []
  for (const [s, step] of plan.steps.entries()) {
    const { module, sources, prefix, parameters, columns } = step
    const where = { pass: plan.name, step: module }
    try {
      const inputs = sources.map((source, i) =>
        interruptible(read(s, i), context.signal, () => withoutRows(results.specs(source.name), source.columns)),
      )
      const frame = await context.registry.get('laterModules', module).run(inputs, parameters, { ...context, where })
      const kept = [...columns, ...(prefix === '' ? plan.stateColumns.map(({ name }) => name) : [])]
      frames.push(renamed(frame, kept, plan, prefix))
    } catch (error) {
      context.signal?.throwIfAborted()
      throw faultOf(error, where)
    }
  }
  const frame = frames.length === 1 ? frames[0] : outerJoin(frames, plan)
  refuseTwins(frame, plan)
  return frame
}

/** Yields frames until the signal; where there are none, the one that tells which columns the source has. */
async function* interruptible(
  frames: AsyncIterable<Frame> | Iterable<Frame>,
  signal: AbortSignal | undefined,
  otherwise: () => Frame,
): AsyncGenerator<Frame> {
  let hasFrames = false
  for await (const frame of frames) {
    signal?.throwIfAborted()
    hasFrames = true
    yield frame
  }
  if (!hasFrames) yield otherwise()
}

function withoutRows(specs: readonly ColumnSpec[], columns: readonly string[]): Frame {
  const read = specs.filter(({ name }) => columns.includes(name))
  return { rows: 0, columns: new Map(read.map(spec => [spec.name, emptyColumn(spec)])) }
}

const emptyColumn = (spec: ColumnSpec): Column => new GrowingColumn(spec, 0).view()

/** Gives the columns of a module the names that its pass knows them by. A result without rows has them, too. */
function renamed(frame: Frame, names: readonly string[], plan: LaterPlan, prefix: string): Frame {
  const shown = new Set(plan.columns.map(({ name }) => name))
  // A Date that all rows of a group share is shown as a key, though it is none.
  const keys = new Set([...plan.keys, ...plan.columns.filter(({ merge }) => merge === 'key').map(({ name }) => name)])
  const typeOf = (name: string) =>
    [...plan.columns, ...plan.stateColumns].find(each => each.name === name)?.type ?? 'f64'
  const columns = new Map<string, Column>()
  for (const name of names) {
    const as = shown.has(name) && (prefix === '' || keys.has(name)) ? name : `${prefix}${name}`
    const column = frame.columns.get(name)
    if (column) columns.set(as, column)
    else if (frame.rows === 0) columns.set(as, emptyColumn({ name: as, type: typeOf(as) }))
  }
  return { rows: frame.rows, columns }
}

/** Joins the rows of several modules on the keys of their pass; where a module has no row, its columns are null. */
function outerJoin(frames: readonly Frame[], { keys, columns }: LaterPlan): Frame {
  const specs = keys.map(name => ({ name, type: columns.find(column => column.name === name)?.type ?? 'f64' }))
  const table = new KeyTable(specs)
  const numbers = frames.map(frame =>
    table.resolve(
      keys.map(name => frameColumn(frame, name)),
      frame.rows,
    ),
  )
  const joined = new Map<string, Column>(keys.map((name, k) => [name, table.keys[k].view()]))
  for (const [f, frame] of frames.entries()) {
    const rows = new Int32Array(table.count).fill(-1)
    for (let i = 0; i < frame.rows; i++) rows[numbers[f][i]] = i
    for (const [name, column] of frame.columns) {
      if (keys.includes(name)) continue
      const known = joined.get(name)
      const found = takeFound(column, rows)
      // Modules share no column but a Date that belongs to the row, not to them.
      joined.set(name, known ? firstKnown(known, found) : found)
    }
  }
  return sorted({ rows: table.count, columns: joined }, keys)
}

/** A result names each row once (configuration 6.2); a module that does not is wrong. */
function refuseTwins(frame: Frame, plan: LaterPlan): void {
  const { keys } = plan
  const order = new KeyOrder(keys)
  const keyed = order.keyed(frame)
  let isOrdered = true
  for (let i = 1; i < frame.rows && isOrdered; i++) isOrdered = order.compare(keyed, i - 1, keyed, i) < 0
  if (isOrdered) return
  const columns = keys.map(key => frameColumn(frame, key))
  const table = new KeyTable(keys.map((key, k) => ({ name: key, type: columns[k].type })))
  const numbers = table.resolve(columns, frame.rows)
  if (table.count === frame.rows) return
  const seen = new Uint8Array(table.count)
  const twins: string[] = []
  for (let i = 0; i < frame.rows && twins.length < 5; i++) {
    if (seen[numbers[i]]) twins.push(rowText(plan, frame, i))
    seen[numbers[i]] = 1
  }
  throw twinsFault(plan, twins, frame.rows - table.count > twins.length)
}

function twinsFault({ name }: LaterPlan, twins: readonly string[], more: boolean): BasaltError {
  return new BasaltError('internal', `rows of ${name} share their keys: ${twins.join('; ')}${more ? ' and more' : ''}`)
}

const rowText = ({ keys }: LaterPlan, frame: Frame, row: number): string =>
  keys.map(key => `${key} ${valueText(frameColumn(frame, key), row)}`).join(', ')
