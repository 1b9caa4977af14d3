import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { type Column, type ColumnSpec, type Frame, joined, pieceOf, sorted, stampText } from '../../lib/core/index.js'
import { Results } from '../../lib/exec/results.js'
import { SortedRuns } from '../../lib/exec/sorted-runs.js'
import { folderFor } from './folder.js'

const SPECS: ColumnSpec[] = [
  { name: 'Name', type: 'str' },
  { name: 'Id', type: 'i64' },
  { name: 'At', type: 'ts' },
  { name: 'Rate', type: 'f64' },
  { name: 'Row', type: 'i32' },
  { name: 'Word', type: 'str' },
]
const KEYS = ['Name', 'Id', 'At', 'Rate']
const WORDS = ['', 'a', 'B', 'é', '\u{1f600}', '\uffee']
const IDS = [0n, -1n, 2n ** 62n, -(2n ** 62n), 4_294_967_296n, 4_294_967_295n]

type Row = [name: number, id: number, at: number, rate: number]

/** Makes a frame; -1 is null. Each has dictionaries of its own, in which words have other numbers. */
function frameOf(rows: readonly Row[], first: number, turn: number): Frame {
  const words = WORDS.map((_, i) => WORDS[(i + turn) % WORDS.length])
  const code = (word: number) => (word - turn + 2 * WORDS.length) % WORDS.length
  const part = (place: number) => rows.map(row => row[place])
  const valid = (place: number) =>
    part(place).includes(-1) ? Uint8Array.from(part(place), value => Number(value >= 0)) : null
  const all = rows.map((_, i) => (first + i) % WORDS.length)
  const columns: Record<string, Column> = {
    Name: {
      type: 'str',
      values: Int32Array.from(part(0), word => code(Math.max(word, 0))),
      valid: valid(0),
      dictionary: { words },
    },
    Id: { type: 'i64', values: BigInt64Array.from(part(1), id => IDS[Math.max(id, 0)]), valid: valid(1) },
    At: {
      type: 'ts',
      values: BigInt64Array.from(part(2), at => 1_770_105_660_000_000_000n + BigInt(at)),
      valid: valid(2),
    },
    Rate: { type: 'f64', values: Float64Array.from(part(3), rate => (rate < 0 ? 0 : rate / 2 - 1)), valid: valid(3) },
    Row: { type: 'i32', values: Int32Array.from(rows, (_, i) => first + i), valid: null },
    Word: { type: 'str', values: Int32Array.from(all, code), valid: null, dictionary: { words } },
  }
  return { rows: rows.length, columns: new Map(Object.entries(columns)) }
}

const textsOf = ({ rows, columns }: Frame): string[] =>
  Array.from({ length: rows }, (_, i) =>
    [...columns.values()]
      .map(({ type, values, valid, ...column }) => {
        if (valid && !valid[i]) return 'null'
        if (type === 'ts') return stampText(values[i] as bigint)
        return 'dictionary' in column ? column.dictionary.words[Number(values[i])] : String(values[i])
      })
      .join(),
  )

const memoryOf = (spill: 'auto' | 'always', memory = Infinity) => ({ spill, memory, tempDir: folderFor(t) })

const anyRow = fc.tuple(
  fc.integer({ min: -1, max: WORDS.length - 1 }),
  fc.integer({ min: -1, max: IDS.length - 1 }),
  fc.integer({ min: -1, max: 3 }),
  fc.integer({ min: -1, max: 3 }),
)

t.test('runs are merged as one sort of all rows would put them, and twins are found', t => {
  const shapes = [memoryOf('auto'), memoryOf('always'), memoryOf('auto', 20_000)]
  let withTwins = 0
  const holds = (runs: Row[][], shape: number) => {
    const results = new Results(shapes[shape])
    const rows = runs.flat()
    const twins = new Set(rows.map(String)).size < rows.length
    if (twins) withTwins++
    const onTwins = () => {
      throw new Error('twins')
    }
    const found = new SortedRuns(results, SPECS, KEYS, onTwins, { runs: Math.max(runs.length, 1), memory: 1 })
    let first = 0
    const frames = runs.map((run, i) => {
      const frame = frameOf(run, first, i)
      first += run.length
      return frame
    })
    // Within a run, who makes rows looks for twins.
    const distinct = runs.every(run => new Set(run.map(String)).size === run.length)
    for (const frame of frames) found.add(frame)
    try {
      const merged = joined([...found.frames()])
      if (twins && distinct) throw new Error('twins were passed over')
      if (!twins && rows.length > 0) {
        t.equal(found.rows, rows.length)
        t.strictSame(textsOf(merged), textsOf(sorted(joined(frames), KEYS)))
        t.strictSame([...joined([...found.frames(['Row'])]).columns.keys()].sort(), [...KEYS, 'Row'].sort())
      }
    } catch (error) {
      if (!twins || (error as Error).message !== 'twins') throw error
    }
    results.close()
  }
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(anyRow, { selector: String, maxLength: 40 }), { maxLength: 7 }),
      fc.nat(2),
      holds,
    ),
    {
      numRuns: 60,
    },
  )
  t.ok(withTwins > 0)
  t.end()
})

t.test('long runs are read block by block, and runs that follow one another are not read at once', t => {
  const rows = Array.from({ length: 60_000 }, (_, i): Row => [1, 0, i, 1])
  const all = frameOf(rows, 0, 0)
  for (const pieces of [rows.map((_, i) => i % 3), rows.map((_, i) => Math.floor(i / 20_000))]) {
    const results = new Results(memoryOf('always'))
    const runs = new SortedRuns(results, SPECS, KEYS, () => t.fail('twins'), { runs: 3, memory: 100_000 })
    for (const piece of [2, 0, 1]) {
      const own = rows.flatMap((row, i) => (pieces[i] === piece ? [row] : []))
      runs.add(frameOf(own, 0, piece))
    }
    const frames = [...runs.frames()]
    t.strictSame([...new Set(frames.slice(0, -1).map(({ rows }) => rows))], [8192])
    const { columns } = joined(frames)
    t.strictSame(columns.get('At')?.values, all.columns.get('At')?.values)
    results.close()
  }
  t.end()
})

t.test('a run that was damaged on disk is an io fault', t => {
  const options = memoryOf('always')
  const results = new Results(options)
  const runs = new SortedRuns(results, SPECS, KEYS, () => {}, { runs: 2, memory: 100_000 })
  const rows = Array.from({ length: 9000 }, (_, i): Row => [1, 0, i, 1])
  runs.add(frameOf(rows, 0, 0))
  runs.add(pieceOf(frameOf(rows, 0, 1), 0, 10))
  t.ok([...runs.frames()].length > 0)
  const [folder] = readdirSync(options.tempDir)
  // One run a file: that of the first is changed.
  const path = join(options.tempDir, folder, readdirSync(join(options.tempDir, folder)).sort()[0])
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(path, bytes)
  try {
    for (const _ of runs.frames());
    t.fail('it was not noticed')
  } catch (error) {
    t.match(error, { fault: 'io', where: { file: path }, problem: /checksum/ })
  }
  results.close()
  t.strictSame(readdirSync(options.tempDir), [])
  t.end()
})
