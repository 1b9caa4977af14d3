import t from 'tap'
import { Chunk, type Column, type Expr, type Known, mayMeet, Program } from '../../lib/core/index.js'
import { Random } from '../../operators/simulation/random.js'

const TRIALS = 20_000
const ROWS = 5
const WORDS = ['', 'B', 'S', 'XLON', 'XPAR', 'xlon', 'é', '\uffff', '🙂', 'X LON', 'zz']
const LONGS = [-(2n ** 63n), -3n, -1n, 0n, 1n, 2n, 3n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n]
const DOUBLES = [-0, 0, 1, 2, 2.5, -3, 1e300, -1e300, Number.MIN_VALUE, 2 ** 53]
const SMALL = [-2, -1, 0, 1, 2, 3, 100]
const TYPES = ['f64', 'i64', 'i32', 'str', 'ts', 'date'] as const

type Row = bigint | number | string | null

function valuesOf(random: Random, type: Known['type']): Row[] {
  const from: Row[] =
    type === 'str' ? WORDS : type === 'i64' || type === 'ts' ? LONGS : type === 'f64' ? DOUBLES : SMALL
  const few = random.chance(0.7) ? [random.pick(from), random.pick(from)] : from
  const nulls = random.pick([0, 0, 0.3, 1])
  return Array.from({ length: ROWS }, () => (random.chance(nulls) ? null : random.pick(few)))
}

function columnOf(type: Known['type'], rows: readonly Row[]): Column {
  const valid = rows.includes(null) ? Uint8Array.from(rows, row => (row === null ? 0 : 1)) : null
  if (type === 'str') {
    const words = [...new Set(rows.map(row => row ?? '') as string[])]
    const values = Int32Array.from(rows, row => words.indexOf((row ?? '') as string))
    return { type, values, valid, dictionary: { words } }
  }
  if (type === 'i64' || type === 'ts') {
    return { type, values: BigInt64Array.from(rows, row => (row as bigint) ?? 0n), valid }
  }
  if (type === 'f64') return { type, values: Float64Array.from(rows, row => (row as number) ?? NaN), valid }
  return { type, values: Int32Array.from(rows, row => (row as number) ?? 0), valid }
}

const bytes = (value: Row) => Buffer.from(value as string)
const before = (a: Row, b: Row) =>
  typeof a === 'string' ? Buffer.compare(bytes(a), bytes(b)) < 0 : (a as number | bigint) < (b as number | bigint)

/** Says of rows what a file might: bounds that are values or lie beyond them, or less. */
function knownOf(random: Random, type: Known['type'], rows: readonly Row[]): Known | undefined {
  if (random.chance(0.1)) return undefined
  const present = rows.filter(row => row !== null)
  const nulls = present.length === 0 ? 'all' : present.length < rows.length ? 'some' : 'none'
  const known: Known = { type, nulls: random.chance(0.2) ? 'some' : nulls }
  if (present.length === 0 || random.chance(0.15)) return known
  let [least, greatest] = [present[0], present[0]]
  for (const each of present) {
    if (before(each, least)) least = each
    if (before(greatest, each)) greatest = each
  }
  if (random.chance(0.2)) least = typeof least === 'string' ? Array.from(least).slice(0, 1).join('') : least
  if (random.chance(0.2)) greatest = typeof greatest === 'string' ? `${greatest}a` : greatest
  if (random.chance(0.2) && least === 0) least = 0 // what -0 is bounded by
  return { ...known, ...(random.chance(0.9) && { least }), ...(random.chance(0.9) && { greatest }) }
}

const literal = (random: Random): Expr => ({ op: 'lit', value: random.pick([...DOUBLES, ...SMALL]) })

function conditionOf(random: Random, types: readonly Known['type'][], depth: number): Expr {
  const column = random.below(types.length)
  const type = types[column]
  const col: Expr = { op: 'col', name: `c${column}` }
  if (depth > 0 && random.chance(0.6)) {
    const args = Array.from({ length: 1 + random.below(3) }, () => conditionOf(random, types, depth - 1))
    return random.chance(0.3) ? { op: 'not', args: [args[0]] } : { op: random.pick(['and', 'or']), args }
  }
  if (random.chance(0.15)) return { op: 'is_null', args: [col] }
  if (random.chance(0.02)) return { op: 'true' }
  if (type !== 'str' && random.chance(0.6)) {
    const numeric = types.flatMap((type, i): Expr[] => (type === 'str' ? [] : [{ op: 'col', name: `c${i}` }]))
    const other = random.chance(0.7) ? literal(random) : random.pick(numeric)
    const args: [Expr, Expr] = random.chance(0.5) ? [col, other] : [other, col]
    return { op: random.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), args }
  }
  if (type === 'str' && random.chance(0.2)) {
    return { op: random.pick(['contains', 'starts_with']), args: [col], value: random.pick(WORDS) }
  }
  const count = random.below(4)
  const values = Array.from({ length: count }, () =>
    type === 'str'
      ? random.pick(WORDS)
      : type === 'i64' || type === 'ts'
        ? String(random.pick(LONGS))
        : random.pick([...DOUBLES, ...SMALL]),
  )
  const text = type === 'str' ? random.pick([undefined, 'exact', 'upper', 'letters'] as const) : undefined
  return { op: random.pick(['in', 'not_in']), args: [col], values, ...(text && { text }) }
}

t.test('what is ruled out holds in no row', async t => {
  const random = new Random(0x91e5, 1)
  let ruledOut = 0
  let held = 0
  let blind = 0 // no row, yet not ruled out: what is known was too little
  for (let trial = 0; trial < TRIALS; trial++) {
    const types = Array.from({ length: 1 + random.below(3) }, () => random.pick(TYPES))
    const rows = types.map(type => valuesOf(random, type))
    const known = types.map((type, i) => knownOf(random, type, rows[i]))
    const where = conditionOf(random, types, 2)
    const program = new Program()
    program.load(new Chunk(ROWS, name => columnOf(types[Number(name[1])], rows[Number(name[1])])))
    const holds = program.mask(where).subarray(0, ROWS).includes(1)
    const may = mayMeet(where, name => known[Number(name[1])])
    if (holds && !may) t.fail(`trial ${trial}: ${JSON.stringify(where)} of ${rows.join(' | ')}`)
    if (holds) held++
    else if (may) blind++
    else ruledOut++
  }
  t.comment(`${held} held, ${ruledOut} were ruled out, ${blind} were not`)
  t.ok(held > TRIALS / 4 && ruledOut > TRIALS / 10 && blind < ruledOut)
})

const col = (name: string): Expr => ({ op: 'col', name })
const lit = (value: number): Expr => ({ op: 'lit', value })
const isIn = (name: string, values: (string | number)[]): Expr => ({ op: 'in', args: [col(name)], values })

t.test('each operator, with all, some and no nulls', async t => {
  const five = (nulls: Known['nulls']): Known => ({ type: 'f64', least: 5, greatest: 5, nulls })
  const some: Known = { type: 'f64', least: 3, greatest: 7, nulls: 'none' }
  const cases: [Expr, Known, boolean][] = [
    [{ op: 'eq', args: [col('a'), lit(5)] }, five('none'), true],
    [{ op: 'eq', args: [col('a'), lit(4)] }, five('none'), false],
    [{ op: 'ne', args: [col('a'), lit(5)] }, five('some'), false],
    [{ op: 'ne', args: [col('a'), lit(5)] }, some, true],
    [{ op: 'lt', args: [col('a'), lit(3)] }, some, false],
    [{ op: 'le', args: [col('a'), lit(3)] }, some, true],
    [{ op: 'gt', args: [col('a'), lit(7)] }, some, false],
    [{ op: 'ge', args: [col('a'), lit(7)] }, some, true],
    [{ op: 'not', args: [{ op: 'ge', args: [col('a'), lit(3)] }] }, some, false],
    [{ op: 'not', args: [{ op: 'ge', args: [col('a'), lit(3)] }] }, { ...some, nulls: 'some' }, true],
    [{ op: 'is_null', args: [col('a')] }, some, false],
    [{ op: 'not', args: [{ op: 'is_null', args: [col('a')] }] }, { type: 'f64', nulls: 'all' }, false],
    [{ op: 'eq', args: [col('a'), lit(0)] }, { type: 'f64', least: -0, greatest: -0, nulls: 'none' }, true],
    [isIn('a', ['-0']), { type: 'f64', least: 0, greatest: 0, nulls: 'none' }, true],
    [{ op: 'ge', args: [col('a'), lit(8)] }, { type: 'f64', least: 3, nulls: 'none' }, true],
    [isIn('a', []), some, false],
    [isIn('a', ['M']), { type: 'str', least: 'B', greatest: 'S', nulls: 'none' }, true],
    [isIn('a', ['A', 'T']), { type: 'str', least: 'B', greatest: 'S', nulls: 'none' }, false],
    [isIn('a', ['\uffff']), { type: 'str', least: '🙂', greatest: '🙂🙂', nulls: 'none' }, false],
    [isIn('a', ['9007199254740993']), { type: 'i64', least: 2n ** 53n, greatest: 2n ** 53n, nulls: 'none' }, false],
    [isIn('a', ['9007199254740993']), { type: 'ts', least: 2n ** 53n, greatest: 2n ** 53n, nulls: 'none' }, true],
    [
      { op: 'in', args: [col('a')], values: ['ab'], text: 'upper' },
      { type: 'str', least: 'x', greatest: 'y', nulls: 'none' },
      true,
    ],
    [
      { op: 'in', args: [col('a')], values: ['ab'], text: 'upper' },
      { type: 'str', least: 'x', greatest: 'x', nulls: 'none' },
      false,
    ],
  ]
  for (const [where, known, may] of cases)
    t.equal(
      mayMeet(where, () => known),
      may,
      JSON.stringify(where),
    )
})

t.test('what is a fault of the rows is left to them', async t => {
  const long: Known = { type: 'i64', least: 1n, greatest: 2n, nulls: 'none' }
  const never: Expr = { op: 'eq', args: [col('a'), lit(9)] }
  t.equal(
    mayMeet(never, () => long),
    false,
  )
  t.equal(
    mayMeet({ op: 'and', args: [never, isIn('a', ['abc'])] }, () => long),
    true,
  )
  const text: Known = { type: 'str', least: 'a', greatest: 'b', nulls: 'none' }
  t.equal(
    mayMeet({ op: 'lt', args: [col('a'), lit(1)] }, () => text),
    true,
  )
  t.equal(
    mayMeet(never, () => undefined),
    true,
    'nothing is known',
  )
})
