/**
 * Expressions over the columns of one row: plain JSON, so a plan can be printed, hashed and sent.
 * Numbers are doubles in which NaN stands for null; conditions are true or false, and false where an operand is null.
 */
export type Expr =
  | { op: 'col'; name: string }
  | { op: 'lit'; value: number }
  | { op: 'add' | 'sub' | 'mul' | 'div'; args: [Expr, Expr] }
  | { op: 'coalesce'; args: Expr[] } // the first that is not null
  | { op: 'if'; args: [Expr, Expr, Expr] } // condition, then, else
  | { op: 'clip'; args: [Expr]; low: number; high: number }
  | { op: 'ln'; args: [Expr] } // natural logarithm, null of what is not positive
  | { op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'; args: [Expr, Expr] }
  | { op: 'in' | 'not_in'; args: [Expr]; values: Scalar[]; text?: TextRule }
  | { op: 'contains' | 'starts_with'; args: [Expr]; value: string }
  | { op: 'is_null'; args: [Expr] }
  | { op: 'and' | 'or'; args: Expr[] }
  | { op: 'not'; args: [Expr] }
  | { op: 'true' }
  | { op: 'same_text'; args: [Expr, Expr] } // two text columns hold the same word

/** i64 literals beyond 2^53 travel as decimal text; `in` compares them exactly with i64 columns. */
export type Scalar = string | number | boolean

/** How text is normalised before `in` compares it: as it is, upper case, or upper case without blanks and underscores. */
export type TextRule = 'exact' | 'upper' | 'letters'

export type ExprLike = Expr | string | number

export const TRUE: Expr = { op: 'true' }

/** Null as a number: JSON has no NaN, so it is the quotient that every division by zero gives. */
export const NULL: Expr = {
  op: 'div',
  args: [
    { op: 'lit', value: 0 },
    { op: 'lit', value: 0 },
  ],
}

/** Reads a name as a column and a number as a literal. */
export function expr(value: ExprLike): Expr {
  if (typeof value === 'string') return { op: 'col', name: value }
  return typeof value === 'number' ? { op: 'lit', value } : value
}

export const col = (name: string): Expr => ({ op: 'col', name })
export const lit = (value: number): Expr => ({ op: 'lit', value })
const pair =
  (op: 'add' | 'sub' | 'mul' | 'div') =>
  (a: ExprLike, b: ExprLike): Expr => ({ op, args: [expr(a), expr(b)] })
export const add = pair('add')
export const sub = pair('sub')
export const mul = pair('mul')
export const div = pair('div')
const compare =
  (op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge') =>
  (a: ExprLike, b: ExprLike): Expr => ({ op, args: [expr(a), expr(b)] })
export const eq = compare('eq')
export const ne = compare('ne')
export const lt = compare('lt')
export const le = compare('le')
export const gt = compare('gt')
export const ge = compare('ge')
export const coalesce = (...args: ExprLike[]): Expr => ({ op: 'coalesce', args: args.map(expr) })
export const when = (condition: Expr, then: ExprLike, otherwise: ExprLike): Expr => ({
  op: 'if',
  args: [condition, expr(then), expr(otherwise)],
})
export const clip = (value: ExprLike, low: number, high: number): Expr => ({
  op: 'clip',
  args: [expr(value)],
  low,
  high,
})
export const ln = (value: ExprLike): Expr => ({ op: 'ln', args: [expr(value)] })
export const isIn = (value: ExprLike, values: Scalar[], text?: TextRule): Expr => ({
  op: 'in',
  args: [expr(value)],
  values,
  ...(text && { text }),
})
export const notIn = (value: ExprLike, values: Scalar[], text?: TextRule): Expr => ({
  op: 'not_in',
  args: [expr(value)],
  values,
  ...(text && { text }),
})
export const contains = (value: ExprLike, part: string): Expr => ({ op: 'contains', args: [expr(value)], value: part })
export const startsWith = (value: ExprLike, part: string): Expr => ({
  op: 'starts_with',
  args: [expr(value)],
  value: part,
})
export const isNull = (value: ExprLike): Expr => ({ op: 'is_null', args: [expr(value)] })
export const not = (value: Expr): Expr => (value.op === 'not' ? value.args[0] : { op: 'not', args: [value] })
export const notNull = (value: ExprLike): Expr => not(isNull(value))
export const sameText = (a: ExprLike, b: ExprLike): Expr => ({ op: 'same_text', args: [expr(a), expr(b)] })

/** Joins conditions; `true` parts vanish, nested joins are flattened and equal parts are kept once. */
export function and(...parts: Expr[]): Expr {
  return joined('and', parts)
}

export function or(...parts: Expr[]): Expr {
  return parts.some(part => part.op === 'true') ? TRUE : joined('or', parts)
}

function joined(op: 'and' | 'or', parts: Expr[]): Expr {
  const seen = new Map<string, Expr>()
  for (const part of parts) {
    const inner = part.op === op ? part.args : [part]
    for (const each of inner) if (each.op !== 'true') seen.set(keyOf(each), each)
  }
  const args = [...seen.values()]
  if (args.length === 0) return TRUE
  return args.length === 1 ? args[0] : { op, args }
}

/** Returns the text by which equal expressions are found and computed once. */
export function keyOf(value: Expr): string {
  return JSON.stringify(value)
}

/** Lists the columns that an expression reads, in the order they appear. */
export function columnsOf(...values: Expr[]): string[] {
  const names = new Set<string>()
  const visit = (value: Expr) => {
    if (value.op === 'col') names.add(value.name)
    else if ('args' in value) for (const arg of value.args) visit(arg)
  }
  for (const value of values) visit(value)
  return [...names]
}

/** Replaces columns by expressions, down to columns that `definition` does not define. */
export function substitute(value: Expr, definition: (name: string) => Expr | undefined): Expr {
  if (value.op === 'col') {
    const defined = definition(value.name)
    return defined ? substitute(defined, name => (name === value.name ? undefined : definition(name))) : value
  }
  if (!('args' in value)) return value
  return { ...value, args: value.args.map(arg => substitute(arg, definition)) } as Expr
}

const SIGNS = { add: '+', sub: '-', mul: '×', div: '/', eq: '=', ne: '≠', lt: '<', le: '≤', gt: '>', ge: '≥' } as const

/** Writes an expression for people. `names` gives names to known subexpressions, by `keyOf`. */
export function textOf(value: Expr, names: ReadonlyMap<string, string> = new Map()): string {
  const named = names.size > 0 ? names.get(keyOf(value)) : undefined
  if (named !== undefined) return named
  const of = (arg: Expr) => textOf(arg, names)
  switch (value.op) {
    case 'col':
      return value.name
    case 'lit':
      return String(value.value)
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return `(${of(value.args[0])} ${SIGNS[value.op]} ${of(value.args[1])})`
    case 'coalesce':
      return value.args.map(of).join(' else ')
    case 'if':
      return `(if ${of(value.args[0])} then ${of(value.args[1])} else ${of(value.args[2])})`
    case 'clip':
      return `clip(${of(value.args[0])}, ${value.low}, ${value.high})`
    case 'ln':
      return `ln ${of(value.args[0])}`
    case 'in':
    case 'not_in':
      return `${of(value.args[0])} ${value.op === 'in' ? 'in' : 'not in'} [${value.values.join(', ')}]`
    case 'contains':
      return `${of(value.args[0])} contains ${value.value}`
    case 'starts_with':
      return `${of(value.args[0])} starts with ${value.value}`
    case 'is_null':
      return `${of(value.args[0])} is null`
    case 'and':
    case 'or':
      return `(${value.args.map(of).join(` ${value.op} `)})`
    case 'not':
      return `not ${of(value.args[0])}`
    case 'same_text':
      return `${of(value.args[0])} is ${of(value.args[1])}`
    case 'true':
      return 'every row'
  }
}
