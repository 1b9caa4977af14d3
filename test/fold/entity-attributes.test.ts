import t from 'tap'
import {
  Chunk,
  type Column,
  type Expr,
  Interner,
  type Kernel,
  makeState,
  Program,
  type Rows,
} from '../../lib/core/index.js'
import { EntityAttributes } from '../../lib/fold/entity-attributes.js'
import { memory, WasmLoops } from '../../lib/wasm/index.js'
import { attribute, attributeI64 } from '../../operators/index.js'
import { Random } from '../../operators/simulation/random.js'

const ENTITIES = 6
const WORDS = ['XLON', 'XPAR', 'XETR', 'XAMS']
const own = memory()
const where: Expr = {
  op: 'gt',
  args: [
    { op: 'col', name: 'Size' },
    { op: 'lit', value: 0 },
  ],
}
const every: Expr = { op: 'true' }

/** Some rows of a chunk: attributes mostly agree, times mostly rise, entities come in runs. */
function chunkOf(random: Random, shape: { coded: boolean; nulls: boolean; agree: boolean }, start: number) {
  const below = (limit: number) => Math.floor(random.uniform() * limit)
  const n = 1 + below(60)
  let entity = 0
  const entities = Int32Array.from({ length: n }, () => (random.uniform() < 0.8 ? entity : (entity = below(ENTITIES))))
  const time = Float64Array.from({ length: n }, (_, row) => start + (random.uniform() < 0.7 ? row : below(n)))
  const numbers = BigInt64Array.from({ length: n }, () => BigInt(below(3)))
  // Each chunk has a dictionary of its own, in which a word may stand twice.
  const words = [...WORDS].sort(() => random.uniform() - 0.5).concat(random.uniform() < 0.3 ? WORDS[0] : [])
  const wordOf = (row: number) =>
    shape.agree && random.uniform() < 0.97 ? WORDS[entities[row] % WORDS.length] : WORDS[below(WORDS.length)]
  const text = entities.map((_, row) => words.lastIndexOf(wordOf(row)))
  const longs = BigInt64Array.from(text, code => BigInt(words[code].charCodeAt(1)) - 70n)
  const distinct = BigInt64Array.from(new Set(longs))
  const codes = Int32Array.from(longs, value => distinct.indexOf(value))
  const valid = shape.nulls ? Uint8Array.from({ length: n }, () => (random.uniform() < 0.7 ? 1 : 0)) : null
  const columns: Record<string, Column> = {
    Word: { type: 'str', values: text, valid, dictionary: { words } },
    Long: {
      type: 'i64',
      values: longs,
      valid,
      ...(shape.coded && { coded: { codes, dictionary: { type: 'i64', values: distinct, valid: null } } }),
    },
    Size: { type: 'f64', values: Float64Array.from({ length: n }, () => below(3)), valid: null },
  }
  const kept = Int32Array.from({ length: n }, (_, row) => row).filter(() => random.uniform() < 0.9)
  const order = { time, source: null, number: numbers, sourceValid: null, numberValid: null }
  return { n, entities, columns, kept, order }
}

t.test('attributes are what folding every row by its kernel leaves', async t => {
  const random = new Random(11)
  let conflicts = 0
  for (let run = 0; run < 400; run++) {
    const shape = {
      coded: random.uniform() < 0.5,
      nulls: random.uniform() < 0.4,
      agree: random.uniform() < 0.7,
    }
    const folds: { kernel: Kernel; name: string; where: Expr }[] = [
      { kernel: attribute, name: 'Word', where: every },
      { kernel: attribute, name: 'Word', where },
      { kernel: attributeI64, name: 'Long', where: every },
      { kernel: attributeI64, name: 'Long', where },
    ]
    const program = new Program(new WasmLoops(own))
    const fast = new EntityAttributes(
      folds.map(({ name, ...fold }, i) => ({ ...fold, fold: i, input: { op: 'col', name } })),
      own,
    )
    const slow = folds.map(({ kernel }) => makeState(kernel.fields, ENTITIES))
    const words = new Interner()
    for (let c = 0, start = 0; c < 5; c++, start += 40) {
      const { n, entities, columns, kept, order } = chunkOf(random, shape, start)
      program.load(new Chunk(n, name => columns[name]))
      const all = Int32Array.from({ length: n }, (_, row) => row)
      const mask = kept.length < n ? Uint8Array.from(all, row => (kept.includes(row) ? 1 : 0)) : null
      fast.update(program, { index: all, count: n, entities }, mask, order, ENTITIES)
      const size = columns.Size.values as Float64Array
      for (const [i, { kernel, name, where }] of folds.entries()) {
        const column = columns[name]
        const index = kept.filter(
          row => (where.op === 'true' || size[row] > 0) && (!column.valid || column.valid[row] === 1),
        )
        const i64 = column.type === 'i64' ? column.values : new BigInt64Array(0)
        const codes =
          column.type === 'str'
            ? column.values.map(code => words.code(column.dictionary.words[code]))
            : new Int32Array(0)
        const rows: Rows = {
          ...{ count: index.length, index, slots: entities, f64: new Float64Array(0), i64, codes, valid: null, order },
          words: new Int32Array(i64.buffer),
        }
        kernel.update(slow[i], rows)
      }
      // Memory of a row group is used again for the next one.
      const { Long } = columns
      if (Long.type === 'i64') Long.coded?.dictionary.values.fill(76_421_005_932_756_996n as never)
    }
    const made = fast.states(Int32Array.from({ length: ENTITIES }, (_, entity) => entity))
    const shown = (name: string, entity: number) => {
      const [, column] = made.find(([each]) => each === name) as (typeof made)[number]
      if (column.valid && !column.valid[entity]) return null
      return column.type === 'str' ? column.dictionary.words[column.values[entity]] : column.values[entity]
    }
    for (const [i, { kernel, name }] of folds.entries()) {
      for (const field of Object.keys(kernel.fields)) {
        for (let entity = 0; entity < ENTITIES; entity++) {
          const value = slow[i][field][entity]
          const expected = field === 'value' && name === 'Word' ? (words.words[value] ?? null) : value
          const found = shown(`a${i}.${field}`, entity)
          if (!Object.is(found, expected)) t.fail(`run ${run}: ${name} ${i} ${field} of ${entity}`, { found, expected })
        }
      }
      conflicts += slow[i].conflict.filter((each: number) => each === 1).length
    }
    fast.free()
    program.free()
  }
  t.ok(conflicts > 500, `${conflicts} conflicts came up`)
})
