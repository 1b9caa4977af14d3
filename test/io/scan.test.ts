import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import t from 'tap'
import type { ColumnBinding } from '../../lib/core/dataset.js'
import { BasaltError } from '../../lib/core/error.js'
import { describeFile, discover, readTable } from '../../lib/io/dataset.js'
import { close, scan } from '../../lib/io/parquet/index.js'
import { rowsOf, sharedData, valuesOf } from './shared.js'

t.teardown(() => close())

async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRows()
  connection.closeSync()
  instance.closeSync()
  return rows
}

async function fileOf(directory: string, select: string, options = ''): Promise<string> {
  const path = join(directory, 'in.parquet')
  await duck(`SET TimeZone='UTC'; COPY (${select}) TO '${path}' (FORMAT parquet${options})`)
  return path
}

async function read(path: string, binding: Omit<ColumnBinding, 'name'>): Promise<unknown[]> {
  const file = await describeFile(path)
  return rowsOf(await readTable([file], [{ name: 'X', ...binding }]), 'X')
}

async function fault(work: Promise<unknown>): Promise<BasaltError> {
  const error = await work.then(() => undefined).catch((error: unknown) => error)
  if (!(error instanceof BasaltError)) throw new Error(`no BasaltError but ${error}`)
  return error
}

t.test('prices in integers are scaled with one rounding', async t => {
  const path = await fileOf(
    t.testdir(),
    `SELECT * FROM (VALUES (1829801::INT, 9007199254740993::BIGINT, 3::DECIMAL(30,20), 0.3::DOUBLE), (NULL, NULL, NULL, NULL))
     AS v(i, l, m, f)`,
  )
  t.strictSame(await read(path, { type: 'f64', source: 'i', scale: '0.0001' }), [182.9801, null])
  t.strictSame(await read(path, { type: 'f64', source: 'i', scale: '0.00025' }), [457.45025, null])
  t.strictSame(await read(path, { type: 'f64', source: 'i', scale: '100' }), [182980100, null])
  t.strictSame(await read(path, { type: 'f64', source: 'l', scale: '1e-8' }), [Number('90071992.54740993'), null])
  t.strictSame(await read(path, { type: 'f64', source: 'l' }), [9007199254740992, null])
  t.strictSame(await read(path, { type: 'i64', source: 'l' }), [9007199254740993n, null])
  t.strictSame(await read(path, { type: 'f64', source: 'm' }), [3, null])
  t.strictSame(await read(path, { type: 'f64', source: 'f', scale: '0.01' }), [0.003, null])
  t.match(await fault(read(path, { type: 'f64', source: 'i', scale: 'cheap' })), { fault: 'config' })
})

t.test('stamps of every unit become ns, naive ones by their zone', async t => {
  const path = await fileOf(
    t.testdir(),
    `SELECT TIMESTAMP_NS '2026-07-01 12:00:05.346695123' AS ns, TIMESTAMP '2026-07-01 12:00:05.346695' AS us,
     TIMESTAMP_MS '2026-07-01 12:00:05.346' AS ms, TIMESTAMPTZ '2026-07-01 12:00:05.346695+00' AS z, 1782907205::BIGINT AS s,
     DATE '2026-07-01' AS d, '2026-07-01' AS text`,
  )
  t.strictSame(await read(path, { type: 'ts', source: 'ns' }), ['2026-07-01T12:00:05.346695123Z'])
  t.strictSame(await read(path, { type: 'ts', source: 'us' }), ['2026-07-01T12:00:05.346695000Z'])
  t.strictSame(await read(path, { type: 'ts', source: 'ms' }), ['2026-07-01T12:00:05.346000000Z'])
  t.strictSame(await read(path, { type: 'ts', source: 'us', timeZone: 'America/New_York' }), [
    '2026-07-01T16:00:05.346695000Z',
  ])
  t.strictSame(await read(path, { type: 'ts', source: 'z', timeZone: 'America/New_York' }), [
    '2026-07-01T12:00:05.346695000Z',
  ])
  t.strictSame(await read(path, { type: 'ts', source: 's', timeUnit: 's' }), ['2026-07-01T12:00:05.000000000Z'])
  t.strictSame(await read(path, { type: 'ts', source: 's' }), ['1970-01-01T00:00:01.782907205Z'])
  for (const source of ['d', 'text', 'us']) t.strictSame(await read(path, { type: 'date', source }), [20635])
})

t.test('sides, texts, constants and columns that are absent', async t => {
  const path = await fileOf(
    t.testdir(),
    `SELECT * FROM (VALUES ('B', 1, true, 1.0::DOUBLE), ('S', 2, NULL, 2.0), (NULL, NULL, false, 'nan'::DOUBLE), ('Q', 9, true, 4.0)) AS v(side, n, flag, f)`,
  )
  const codes = { B: 1, S: 2, Q: 0 }
  t.strictSame(await read(path, { type: 'i32', source: 'side', codes }), [1, 2, null, 0])
  const error = await fault(read(path, { type: 'i32', source: 'n', codes: { 1: 1, 2: 2 } }))
  t.match(error, { fault: 'data', where: { rowGroup: 0, row: 3, field: 'n' } })
  t.match(error.message, "value '9' has no entry in side_codes")
  t.strictSame(await read(path, { type: 'str', source: 'flag', text: true }), ['TRUE', null, 'FALSE', 'TRUE'])
  t.strictSame(await read(path, { type: 'str', source: 'n', text: true }), ['1', '2', null, '9'])
  t.strictSame(
    await read(path, { type: 'i64', source: null, constant: '9007199254740993' }),
    Array(4).fill(9007199254740993n),
  )
  t.strictSame(await read(path, { type: 'str', source: 'nowhere' }), [null, null, null, null])
  t.match(
    (await fault(read(path, { type: 'ts', source: 'side' }))).message,
    /column side: is BYTE_ARRAY UTF8 in the file, which cannot be read as ts/,
  )

  const file = await describeFile(path)
  const counts: [string, number][] = []
  const request = { file, rowGroup: 0, columns: [{ name: 'F', type: 'f64' as const, source: 'f' }], batchRows: 3 }
  const rows: number[] = []
  const values: unknown[] = []
  for await (const chunk of scan(request, undefined, { onNonFinite: (...count) => counts.push(count) })) {
    rows.push(chunk.rows)
    values.push(...valuesOf(chunk.required('F'), chunk.rows))
  }
  t.strictSame(values, [1, 2, null, 4])
  t.strictSame(rows, [3, 1])
  t.strictSame(counts, [['F', 1]])
})

t.test('an aborted scan stops', async t => {
  const file = await describeFile(await fileOf(t.testdir(), 'SELECT range AS r FROM range(100)'))
  const controller = new AbortController()
  const batches = scan(
    { file, rowGroup: 0, columns: [{ name: 'r', type: 'i64', source: 'r' }], batchRows: 10 },
    controller.signal,
  )
  await batches.next()
  controller.abort()
  t.match(await batches.next().catch(error => error), { name: 'AbortError' })
})

t.test('cut, changed and damaged files end in typed faults', async t => {
  const select = `SELECT range AS r, 'w' || (range % 50) AS w, range / 3 AS f, CASE WHEN range % 7 = 0 THEN NULL ELSE range END AS n FROM range(3000)`
  const directory = t.testdir()
  const path = await fileOf(directory, select, ', ROW_GROUP_SIZE 2048')
  const whole = readFileSync(path)
  const planned = await describeFile(path)
  const columns: ColumnBinding[] = [
    { name: 'r', type: 'i64', source: 'r' },
    { name: 'w', type: 'str', source: 'w' },
    { name: 'f', type: 'f64', source: 'f' },
    { name: 'n', type: 'f64', source: 'n' },
  ]
  const damaged = join(directory, 'damaged.parquet')
  for (const length of [0, 3, 11, 12, 200, whole.length - 1]) {
    writeFileSync(damaged, whole.subarray(0, length))
    t.match(await fault(describeFile(damaged)), { fault: 'data', where: { file: damaged } }, `${length} bytes`)
  }
  writeFileSync(damaged, whole.subarray(0, 200))
  t.match(await fault(readTable([{ ...planned, path: damaged }], columns)), { fault: 'io', where: { file: damaged } })

  // Every byte of a page may be wrong: the rows then differ or a fault says so; nothing hangs, crashes or throws bare.
  let seed = 7
  const random = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below
  let faults = 0
  for (let k = 0; k < 300; k++) {
    const bytes = Buffer.from(whole)
    for (let i = 0; i <= k % 4; i++) bytes[4 + random(bytes.length - 12)] = random(256)
    writeFileSync(damaged, bytes)
    await close(damaged)
    const error = await describeFile(damaged)
      .then(file => readTable([file], columns))
      .catch(error => error)
    if (!(error instanceof Error)) continue
    faults++
    if (!(error instanceof BasaltError && ['data', 'io', 'limit'].includes(error.fault)))
      t.fail(`mutation ${k}: ${error.stack}`)
  }
  t.ok(faults > 50, `${faults} of 300 were refused`)
})

const trades = sharedData('us-equities')
t.test(
  'one real day agrees with DuckDB',
  { skip: trades ? false : 'set BASALT_SHARED to the folder that holds data/parquet to run it' },
  async t => {
    const spec = { root: trades!, layout: 'hive', table: 'trades', bmll: { folder: '', prefix: '' } }
    const { files, missing } = await discover(spec)
    t.strictSame([files.length, missing.length, files[0].day, files[0].mic], [1, 0, 15985, 'XNYS'])
    const columns: ColumnBinding[] = [
      { name: 'ListingId', type: 'i64', source: 'symbol_id' },
      { name: 'Ticker', type: 'str', source: 'symbol' },
      { name: 'Time', type: 'ts', source: 'ts' },
      { name: 'Price', type: 'f64', source: 'px_e4', scale: '0.0001' },
      { name: 'Size', type: 'i32', source: 'qty' },
      { name: 'Cond', type: 'str', source: 'cond' },
      { name: 'MIC', type: 'str', source: null, partition: 'mic' },
      { name: 'Date', type: 'date', source: null, partition: 'date' },
    ]
    const batches = await readTable(files, columns)
    const expected = await duck(
      `SELECT symbol_id, symbol, strftime(ts, '%Y-%m-%dT%H:%M:%S.%n') || 'Z', px_e4, qty, cond FROM '${files[0].path}'`,
    )
    const actual = columns.map(({ name }) => rowsOf(batches, name))
    t.equal(expected.length, 137_816)
    const wrong = expected.findIndex(([id, symbol, stamp, price, size, cond], i) => {
      const row = [id, symbol, stamp, (price as number) / 10_000, size, cond, 'XNYS', 15985]
      return row.some((value, column) => value !== actual[column][i])
    })
    t.equal(wrong, -1, wrong >= 0 ? `${expected[wrong]} / ${actual.map(column => column[wrong])}` : 'every row')
  },
)
