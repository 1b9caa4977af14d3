import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { batchOf, type Column, type RecordBatch, schemaOf } from '../../../lib/core/batch.js'
import { type EncodeGroup, encodeRowGroup } from '../../../lib/io/parquet/write/group.js'
import { type ParquetSinkOptions, parquetSink } from '../../../lib/io/sinks/parquet.js'
import { type Rows, randomOf, rowsOfKinds } from './rows.js'

/** Cuts rows into batches of random sizes, each with dictionaries of its own. */
function cut({ specs, columns }: Rows, seed: number, most: number): RecordBatch[] {
  const random = randomOf(seed)
  const schema = schemaOf(specs)
  const rows = columns[0].values.length
  const batches: RecordBatch[] = []
  for (let from = 0; from < rows; ) {
    const to = Math.min(rows, from + 1 + Math.floor(random() * most))
    const parts = columns.map(column => {
      const part = { ...column, values: column.values.slice(from, to), valid: column.valid?.slice(from, to) ?? null }
      return (part.type === 'str' ? renamed(part as Column & { type: 'str' }, random) : part) as Column
    })
    batches.push(batchOf(specs, parts, to - from, schema))
    from = to
  }
  return batches
}

function renamed(column: Column & { type: 'str' }, random: () => number): Column {
  const used = [...new Set(column.values)].sort(() => random() - 0.5)
  const words = [...used.map(code => column.dictionary.words[code]), 'nobody has this']
  return { ...column, values: column.values.map(code => used.indexOf(code)), dictionary: { words } }
}

async function bytesOf(path: string, batches: RecordBatch[], options: Partial<ParquetSinkOptions>): Promise<Buffer> {
  const sink = await parquetSink({ path, schema: batches[0].schema, ...options })
  for (const batch of batches) await sink.write(batch)
  await sink.commit()
  return readFileSync(path)
}

t.test('equal rows give equal bytes, however they are cut', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  for (const nulls of [0, 0.3]) {
    const rows = rowsOfKinds(11, 2500, nulls)
    const options = { rowGroupRows: 700, compression: 'zstd' as const }
    const whole = await bytesOf(path, cut(rows, 1, 1e9), options)
    for (const most of [10, 900, 2000]) t.ok(whole.equals(await bytesOf(path, cut(rows, most, most), options)))

    // What null rows hold leaves no trace, nor does a validity of ones.
    const columns = rows.columns.map(column => {
      const values = column.values.slice()
      for (let i = 0; i < values.length; i++) if (column.valid && !column.valid[i]) values[i] = values[0]
      return { ...column, values, valid: column.valid ?? new Uint8Array(2500).fill(1) } as Column
    })
    t.ok(whole.equals(await bytesOf(path, cut({ ...rows, columns }, 5, 600), options)))
  }
})

t.test('words that no row has, their order and a validity of ones leave no trace in a row group', async t => {
  const words = ['one', 'two', 'three']
  const encoded = (words: readonly string[], codes: number[], valid: Uint8Array | null) =>
    encodeRowGroup(
      [{ name: 'a', type: 'str', nullable: false }],
      [{ type: 'str', values: Int32Array.from(codes), valid, dictionary: { words } }],
      codes.length,
      { codec: 'snappy' },
    )
  const rows = Array.from({ length: 200 }, (_, i) => 2 - (i % 3))
  const plain = encoded(words, rows, null)
  t.equal(plain.chunks[0].encoding, 'RLE_DICTIONARY')
  const moved = rows.map(code => 4 - code)
  t.strictSame(encoded(['', 'four', 'three', 'two', 'one'], moved, null), plain)
  t.strictSame(encoded(words, rows, new Uint8Array(200).fill(1)), plain)
})

t.test(
  'row groups stand in order, however long encoders take, and one is encoded while the next one fills',
  async t => {
    const path = join(t.testdir(), 'rows.parquet')
    const batches = cut(rowsOfKinds(13, 2500, 0.2), 2, 400)
    const alone = await bytesOf(path, batches, { rowGroupRows: 300 })
    let running = 0
    let most = 0
    let calls = 0
    const encode: EncodeGroup = async (columns, data, rows, options) => {
      const given = structuredClone(data)
      const slow = calls++ % 2 === 0
      most = Math.max(most, ++running)
      await wait(slow ? 40 : 1)
      running--
      return encodeRowGroup(columns, given, rows, options)
    }
    t.ok(alone.equals(await bytesOf(path, batches, { rowGroupRows: 300, encode })))
    t.equal(calls, 9)
    t.equal(most, 1)
  },
)

t.test('data stays as it is until its encoder has answered', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  const batches = cut(rowsOfKinds(17, 5000, 0.2), 3, 100)
  for (const rowGroupRows of [300, 1500]) {
    const alone = await bytesOf(path, batches, { rowGroupRows })
    const places: unknown[] = []
    const encode: EncodeGroup = async (columns, data, rows, options, place) => {
      places.push(place?.rowGroup)
      const before = structuredClone(data)
      await wait(5) // the next group fills
      t.strictSame(data, before)
      return encodeRowGroup(columns, data, rows, options)
    }
    t.ok(alone.equals(await bytesOf(path, batches, { rowGroupRows, encode })))
    t.strictSame(places, [...places.keys()])
  }
})

t.test('files one after another lie in the same memory, which other threads can read', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  const batches = cut(rowsOfKinds(23, 3000, 0.2), 3, 100)
  const rowGroupRows = 777
  const alone = await bytesOf(path, batches, { rowGroupRows })
  const memories: Set<ArrayBufferLike>[] = []
  for (let file = 0; file < 3; file++) {
    const own = new Set<ArrayBufferLike>()
    memories.push(own)
    const encode: EncodeGroup = async (columns, data, rows, options) => {
      for (const { values, valid } of data)
        for (const array of valid ? [values, valid] : [values]) own.add(array.buffer)
      return encodeRowGroup(columns, data, rows, options)
    }
    t.ok(alone.equals(await bytesOf(path, batches, { rowGroupRows, encode })))
  }
  const [first, ...others] = memories
  t.ok([...first].every(each => each instanceof SharedArrayBuffer))
  for (const each of others) t.ok([...each].every(memory => first.has(memory)))
})

t.test('an encoder that fails leaves no file', async t => {
  const directory = t.testdir()
  const path = join(directory, 'rows.parquet')
  const batches = cut(rowsOfKinds(19, 1000, 0.2), 3, 1e9)
  for (const fails of [0, 3]) {
    let calls = 0
    const encode: EncodeGroup = async (columns, data, rows, options) => {
      if (calls++ === fails) throw new Error('out of memory')
      return encodeRowGroup(columns, data, rows, options)
    }
    const sink = await parquetSink({ path, schema: batches[0].schema, rowGroupRows: 300, encode })
    const failure = await sink
      .write(batches[0])
      .then(() => sink.commit())
      .catch(error => error)
    t.match(failure, { message: 'out of memory' })
    await sink.abort(failure)
    t.notOk(existsSync(path))
    t.strictSame(readdirSync(directory), [])
  }
})

t.test('what cannot be written is refused', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  const schema = schemaOf([{ name: 'a', type: 'i32', nullable: false }])
  t.match(await parquetSink({ path, schema, sortedBy: ['b'] }).catch(error => error), {
    fault: 'internal',
    where: { field: 'b' },
  })
  const data: Column = { type: 'i32', values: Int32Array.of(1, 2), valid: Uint8Array.of(1, 0) }
  const encode = () => encodeRowGroup([{ name: 'a', type: 'i32', nullable: false }], [data], 2, { codec: 'none' })
  t.throws(encode, /a null reached a column that has none/)
})
