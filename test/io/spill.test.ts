import { existsSync, openSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { batchOf, type Column, type ColumnSpec } from '../../lib/core/index.js'
import { SpillFolder } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'

const SPECS: ColumnSpec[] = [
  { name: 'Id', type: 'i64' },
  { name: 'Price', type: 'f64' },
  { name: 'Ticker', type: 'str' },
  { name: 'At', type: 'ts' },
  { name: 'Date', type: 'date' },
  { name: 'Odd', type: 'bool' },
]

function batch(from: number, rows: number) {
  const at = Array.from({ length: rows }, (_, i) => from + i)
  const columns: Column[] = [
    { type: 'i64', values: BigInt64Array.from(at, i => 9_007_199_254_740_993n + BigInt(i)), valid: null },
    { type: 'f64', values: Float64Array.from(at, i => i / 3), valid: Uint8Array.from(at, i => +(i % 3 > 0)) },
    { type: 'str', values: Int32Array.from(at, i => i % 2), valid: null, dictionary: { words: [`a${from}`, 'é'] } },
    { type: 'ts', values: BigInt64Array.from(at, i => 1_767_355_205_346_695_123n + BigInt(i)), valid: null },
    { type: 'date', values: Int32Array.from(at), valid: null },
    { type: 'bool', values: Uint8Array.from(at, i => i % 2), valid: null },
  ]
  return batchOf(SPECS, columns, rows)
}

function texts(column: Column | undefined): (string | null)[] {
  if (!column) return []
  const { valid } = column
  return Array.from(column.values as ArrayLike<number | bigint>, (value, i) => {
    if (valid && !valid[i]) return null
    return column.type === 'str' ? column.dictionary.words[Number(value)] : String(value)
  })
}

t.test('spilled rows come back as they were, and only the columns that are asked for', async t => {
  const folder = new SpillFolder(folderFor(t))
  const file = folder.open()
  file.append(batch(0, 5))
  file.append(batch(5, 3))
  t.equal(file.rows, 8)
  const names = SPECS.map(({ name }) => name)
  const parts = [...file.read(names)]
  t.same(
    parts.map(({ rows }) => rows),
    [5, 3],
  )
  t.same(
    parts.flatMap(({ columns }) => texts(columns.get('Id'))),
    Array.from({ length: 8 }, (_, i) => String(9_007_199_254_740_993n + BigInt(i))),
  )
  t.same(texts(parts[0].columns.get('Price') as Column), [
    null,
    '0.3333333333333333',
    '0.6666666666666666',
    null,
    '1.3333333333333333',
  ])
  t.same(texts(parts[1].columns.get('Ticker') as Column), ['é', 'a5', 'é'])
  t.same(texts(parts[1].columns.get('At'))[2], '1767355205346695130')
  t.same(texts(parts[1].columns.get('Odd') as Column), ['1', '0', '1'])
  t.same(
    [...file.read(['Price'])].map(({ columns }) => [...columns.keys()]),
    [['Price'], ['Price']],
  )
  file.close()
})

t.test('a byte that changed on disk is a fault, never a wrong number', async t => {
  const parent = folderFor(t)
  const folder = new SpillFolder(parent)
  const file = folder.open()
  file.append(batch(0, 100))
  const [made] = readdirSync(parent)
  const path = join(parent, made, readdirSync(join(parent, made))[0])
  writeSync(openSync(path, 'r+'), new Uint8Array([255]), 0, 1, 700) // the values of the first column
  t.throws(() => [...file.read(['Id'])], /column Id at byte 0 fails its checksum/)
  t.doesNotThrow(() => [...file.read(['Price'])], 'other columns are whole')
  file.close()
  folder.remove()
  t.notOk(existsSync(join(parent, made)), 'the folder is gone')
})

t.test('a folder that cannot be made is named', async t => {
  const parent = join(folderFor(t), 'missing')
  t.throws(() => new SpillFolder(parent).open(), /no folder for spilled rows can be made/)
})
