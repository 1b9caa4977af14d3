import type { Column } from './batch.js'
import { BasaltError } from './error.js'
import type { Program } from './evaluate.js'
import type { Expr } from './expr.js'
import { decideWords, exactInteger, type Membership } from './membership.js'

const FEW = 8 // values that are compared one after another; more are looked up in a set

type Values = Extract<Membership, { values: unknown }>

/** Decides row by row which are members: text by its words, i64 exactly, as integers, all else as doubles. */
export function member(program: Program, value: Membership, out: Uint8Array): void {
  const { rows: n, loops } = program
  const operand = value.args[0]
  const column = operand.op === 'col' ? program.column(operand.name) : undefined
  if (column?.type === 'str') {
    const decided = decideWords(value, column.dictionary)
    for (let i = 0; i < n; i++) out[i] = column.valid && !column.valid[i] ? 0 : decided[column.values[i]]
    return
  }
  if (!('values' in value)) {
    throw new BasaltError('config', `${value.op} needs a text column`, {
      field: operand.op === 'col' ? operand.name : undefined,
    })
  }
  if (column?.type === 'i64') {
    out.set(memberLongs(value, column.values.subarray(0, n)))
    if (column.valid) loops.and(out, column.valid, out, n)
    return
  }
  memberNumbers(program, value, program.f64(operand), out)
}

function memberNumbers(program: Program, { op, values }: Values, numbers: Float64Array, out: Uint8Array): void {
  const { rows: n, loops } = program
  const wanted = values.map(Number).filter(each => !Number.isNaN(each))
  if (wanted.length > 0 && wanted.length <= FEW) {
    const compare = op === 'in' ? loops.eq : loops.ne
    const join = op === 'in' ? loops.or : loops.and
    const [first, ...others] = wanted.map(each => program.f64({ op: 'lit', value: each }))
    compare.call(loops, numbers, first, out, n)
    if (others.length === 0) return
    const mask = loops.u8(n)
    for (const other of others) {
      compare.call(loops, numbers, other, mask, n)
      join.call(loops, out, mask, out, n)
    }
    loops.free(mask)
    return
  }
  const hit = op === 'in' ? 1 : 0
  const set = new Set(wanted)
  for (let i = 0; i < n; i++) out[i] = Number.isNaN(numbers[i]) ? 0 : set.has(numbers[i]) ? hit : hit ^ 1
}

function memberLongs({ op, values }: Values, longs: BigInt64Array): Uint8Array {
  const wanted = op === 'in' ? 1 : 0
  const set = new Set(values.filter(value => value !== '').map(exactInteger)) // no integer is empty; BigInt makes it 0
  const out = new Uint8Array(longs.length)
  let last: bigint | undefined
  let hit = 0
  for (let i = 0; i < longs.length; i++) {
    if (longs[i] !== last) {
      last = longs[i]
      hit = set.has(last) ? wanted : wanted ^ 1
    }
    out[i] = hit
  }
  return out
}

/** Decides in which rows two text columns hold the same word. */
export function sameText(program: Program, [a, b]: Expr[], out: Uint8Array): void {
  if (a.op !== 'col' || b.op !== 'col') throw new BasaltError('internal', 'same_text compares two columns')
  const [left, right] = [textOf(program, a.name), textOf(program, b.name)]
  const position = new Map(right.dictionary.words.map((word, code) => [word, code]))
  const table = Int32Array.from(left.dictionary.words, word => position.get(word) ?? -2)
  const same = Int32Array.from(right.dictionary.words, word => position.get(word) as number) // a word may stand there twice
  for (let i = 0; i < program.rows; i++) {
    const present = (!left.valid || left.valid[i]) && (!right.valid || right.valid[i])
    out[i] = present && table[left.values[i]] === same[right.values[i]] ? 1 : 0
  }
}

function textOf(program: Program, name: string): Column & { type: 'str' } {
  const column = program.column(name)
  if (column.type !== 'str') throw new BasaltError('internal', `column '${name}' holds no text`, { field: name })
  return column
}
