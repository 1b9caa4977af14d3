import {
  type FillRule,
  IDENTITY_COLUMNS,
  type LaterPlan,
  type OutputColumn,
  type PassPlan,
  type Problem,
  type Registry,
  SESSION,
} from '../core/index.js'

/** Where an auction begins and ends, which its key does not say. */
const EDGES = [SESSION.start, SESSION.end]

/** The column that counts which rows of a table make a bucket exist. */
export const OWN_ROWS = 'OwnRows'

/**
 * Plans the join of what modules of several tables make for one pass (semantics 5.0: a full outer join on the keys).
 * `path` is that of the pass, `fill` what is done to nulls of joined rows.
 */
export function planJoined(
  registry: Registry,
  name: string,
  modules: readonly string[],
  parts: readonly PassPlan[],
  fill: readonly FillRule[],
  path: string,
  problems: Problem[],
): LaterPlan {
  const [first] = parts
  const ratios = ratiosOf(parts, registry)
  const isKey = ({ merge }: OutputColumn) => merge === 'key'
  const shared = new Set<string>([...IDENTITY_COLUMNS, ...(first.auctions ? EDGES : [])])
  const keys = first.columns.filter(isKey)
  const columns = new Map<string, OutputColumn>(keys.map(key => [key.name, key]))
  for (const edge of EDGES) {
    const found = parts.flatMap(part => part.columns.find(column => column.name === edge && part.auctions) ?? [])
    if (found.length > 0) columns.set(edge, found[0])
  }
  for (const identity of IDENTITY_COLUMNS) {
    const found = parts.flatMap(part => part.columns.find(column => column.name === identity) ?? [])
    if (found.length > 0) columns.set(identity, found[0])
  }
  const isShared = (column: OutputColumn) => isKey(column) || shared.has(column.name)
  const tables = parts.map(part => {
    const renamed: Record<string, string> = {}
    for (const column of part.columns) {
      if (isKey(column)) continue
      const ratio = ratios.find(each => each.column === column.name)
      if (ratio?.divisor === part) {
        renamed[column.name] = ratio.by
        continue
      }
      const shown = isShared(column) ? column.name : nameOf(column.name, part, columns)
      renamed[column.name] = shown
      if (isShared(column)) continue
      const twin = columns.get(shown)
      if (twin) {
        const problem = `output column '${shown}' is made by ${twin.from} and by ${column.from}`
        const hint = 'set metric_prefix in one of the modules, or output_name_pattern in one of the entries'
        problems.push({ severity: 'error', path: `${path}.modules`, problem, hint })
      }
      columns.set(shown, {
        ...column,
        name: shown,
        ...(ratio && { nullRule: 'null when the divisor is zero or unknown' }),
      })
    }
    for (const { name: state } of part.stateColumns) if (state !== OWN_ROWS) renamed[state] = state
    const carried = (part.timeline?.carry?.rules ?? []).filter(rule => rule.zero).flatMap(rule => rule.columns)
    return {
      columns: renamed,
      zero: [...part.derive.filter(({ zero }) => zero).map(column => column.name), ...carried],
      own: part.stateColumns.some(({ name: state }) => state === OWN_ROWS) ? OWN_ROWS : null,
    }
  })
  const shown = [...columns.values()]
  const stateColumns = parts.flatMap(part => part.stateColumns).filter(({ name: state }) => state !== OWN_ROWS)
  const behind = shown.filter(column => !isKey(column))
  return {
    kind: 'later',
    name,
    modules: [...modules],
    scope: 'symbol',
    steps: [
      {
        module: 'joined_tables',
        sources: parts.map((part, i) => ({
          name: part.name,
          columns: [
            ...keys.map(key => key.name),
            ...Object.keys(tables[i].columns),
            ...(tables[i].own === null ? [] : [OWN_ROWS]),
          ],
        })),
        columns: shown.map(column => column.name),
        prefix: '',
        cuts: ['Date', 'ListingId'].map(key => ({ columns: parts.map(() => [key]) })),
        holdsRows: true,
        parameters: {
          keys: keys.map(({ name: key, type }) => ({ name: key, type })),
          tables,
          columns: [...behind, ...stateColumns].map(({ name: column, type }) => ({ name: column, type })),
          attributes: IDENTITY_COLUMNS.filter(each => columns.has(each)),
          ratios: ratios.map(({ column, by }) => ({ column, by })),
          fill,
        },
      },
    ],
    keys: keys.map(key => key.name),
    columns: shown,
    rule: first.aggregate.rule,
    // What a divisor keeps is no state of the ratio that has its name.
    state: Object.fromEntries(
      parts
        .flatMap(part => Object.entries(part.state))
        .filter(([name]) => !ratios.some(({ column }) => column === name)),
    ),
    stateColumns,
  }
}

const STATE = 'MarketState'

/** A state of the market that two tables tell keeps its name in the first; the other's has its module's (semantics 5.0). */
function nameOf(column: string, { modules }: PassPlan, taken: ReadonlyMap<string, OutputColumn>): string {
  if (!column.endsWith(STATE) || !taken.has(column)) return column
  const pascal = modules[0].replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
  const prefix = column.slice(0, -STATE.length)
  return `${prefix}${pascal}${STATE}`
}

/** A column that is divided by the one of its name in another part, which is not shown. */
interface Ratio {
  column: string
  divisor: PassPlan
  /** What the divisor is called while rows are joined. */
  by: string
}

/** Finds the columns whose metrics are divided by metrics of other tables. */
function ratiosOf(parts: readonly PassPlan[], registry: Registry): Ratio[] {
  return parts.flatMap(({ derive }) =>
    derive.flatMap(({ name: column, metric }) => {
      const by = metric === null ? undefined : registry.metrics.get(metric)?.dividedBy
      const divisor = parts.find(part => part.derive.some(each => each.name === column && each.metric === by))
      return by && divisor ? [{ column, divisor, by: `${column}Divisor` }] : []
    }),
  )
}
