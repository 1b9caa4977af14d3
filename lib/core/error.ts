/** Who has to act: the config's author, the data's owner, the operator of the machine, or us. */
export type Fault = 'config' | 'data' | 'io' | 'limit' | 'internal'

/** Where a fault was seen. Every part is optional; `describe` prints those that are known. */
export interface Where {
  file?: string
  line?: number // 1-based
  column?: number // 1-based column of text, not a table's column
  path?: string // config path, as PASSES[0].trade_analytics.generic_metrics[1]
  unit?: string
  pass?: string
  step?: string
  rowGroup?: number // 0-based, as Parquet counts them
  row?: number // 0-based row of the file
  field?: string // table column
}

/** An error that says what, where and what to do. `message` holds all three on one line. */
export class BasaltError extends Error {
  readonly fault: Fault
  readonly where: Where
  /** The bare problem, without the place; what a located report prints after the place. */
  readonly problem: string

  constructor(fault: Fault, problem: string, where: Where = {}, cause?: unknown) {
    const place = describe(where)
    super(place ? `${place}: ${problem}` : problem, cause === undefined ? undefined : { cause })
    this.name = 'BasaltError'
    this.fault = fault
    this.problem = problem
    this.where = where
  }

  /** Returns the same error with more of its place known; parts already known are kept. */
  at(where: Where): BasaltError {
    return new BasaltError(this.fault, this.problem, { ...where, ...this.where }, this.cause)
  }

  toJSON() {
    const code = codeOf(this)
    return { fault: this.fault, problem: this.problem, where: this.where, ...(code !== undefined && { code }) }
  }
}

/** Returns the code by which the system names what went wrong first, as EIO; undefined where there is none. */
export const codeOf = (error: unknown): string | undefined => codesOf(error)[0]

/** Lists the codes of an error and of what caused it. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let each = error; typeof each === 'object' && each !== null; each = (each as Error).cause) {
    const { code } = each as NodeJS.ErrnoException
    if (typeof code === 'string') codes.push(code)
  }
  return codes
}

/** Prints a place as `file:line:column: path`, or `file, row group 3, column Price` for data. */
export function describe(where: Where): string {
  const { file, line, column, path, rowGroup, row, field } = where
  const position = file && line ? `${file}:${line}:${column ?? 1}` : file
  const parts = [
    position,
    rowGroup === undefined ? undefined : `row group ${rowGroup}`,
    field === undefined ? undefined : `column ${field}`,
    row === undefined ? undefined : `row ${row}`,
  ].filter(part => part !== undefined)
  return [parts.join(', '), path].filter(Boolean).join(': ')
}

/** Code of the fault of who asked for memory that is not to be had, outside of the heap. */
export const NO_MEMORY = 'ERR_NO_MEMORY'

/** Wraps anything thrown as a BasaltError; a BasaltError only gains the place. */
export function faultOf(error: unknown, where: Where = {}, fault: Fault = 'internal'): BasaltError {
  if (error instanceof BasaltError) return error.at(where)
  const message = error instanceof Error ? error.message : String(error)
  // V8 gives its own no code.
  if (error instanceof RangeError && (codeOf(error) === NO_MEMORY || message === 'Array buffer allocation failed'))
    return new BasaltError('limit', message, where, Object.assign(error, { code: NO_MEMORY }))
  return new BasaltError(fault, message, where, error)
}

/** One finding of a check: errors stop the run before it reads data, warnings are printed. */
export interface Problem {
  severity: 'error' | 'warning'
  path: string
  problem: string
  hint?: string
  /** Points at the key rather than the value (unknown keys). */
  atKey?: boolean
}

/** Several config errors reported at once. `report` has one located line for each. */
export class ConfigError extends BasaltError {
  readonly report: string[]

  constructor(report: string[]) {
    super('config', report.join('\n'))
    this.name = 'ConfigError'
    this.report = report
  }
}

/**
 * Returns the candidate nearest to `word` by edit distance (case ignored on ties), or undefined when none is
 * within a third of its length: a far-fetched suggestion is worse than none.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 0.5
  for (const candidate of candidates) {
    const distance = candidate.toLowerCase() === word.toLowerCase() ? 0.5 : editDistance(word, candidate, bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.length > 200 || b.length > 200) return Infinity
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitute, previous[j] + 1, row[j - 1] + 1))
    }
    previous = row
  }
  return previous[b.length]
}
