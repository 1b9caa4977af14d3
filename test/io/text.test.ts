import { tableFromIPC } from 'apache-arrow'
import t from 'tap'
import { batchOf, type Column, type ColumnSpec, schemaOf } from '../../lib/core/batch.js'
import { stampText } from '../../lib/core/time.js'
import { encoderFor, type TextFormat } from '../../lib/io/text.js'

const specs: ColumnSpec[] = [
  { name: 'i', type: 'i64' },
  { name: 't', type: 'ts' },
  { name: 'd', type: 'date' },
  { name: 'f', type: 'f64' },
  { name: 'b', type: 'bool' },
  { name: 's', type: 'str' },
]
const valid = Uint8Array.of(1, 1, 0)
const columns: Column[] = [
  { type: 'i64', values: BigInt64Array.of(9007199254740993n, -1n, 0n), valid },
  { type: 'ts', values: BigInt64Array.of(1767355205346695123n, -1n, 0n), valid },
  { type: 'date', values: Int32Array.of(20455, -1, 0), valid },
  { type: 'f64', values: Float64Array.of(1e21, -0, NaN), valid: null },
  { type: 'bool', values: Uint8Array.of(1, 0, 0), valid },
  { type: 'str', values: Int32Array.of(0, 1, 0), valid, dictionary: { words: ['a,"b"\n', ''] } },
]
const schema = schemaOf(specs)
const batch = batchOf(specs, columns, 3, schema)
const text = (format: TextFormat, int64?: 'string') => {
  const encoder = encoderFor(format, { int64 })
  return `${encoder.start(schema)}${encoder.batch(batch)}${encoder.end()}`
}

t.test('NDJSON', async t => {
  const lines = [
    '{"i":9007199254740993,"t":"2026-01-02T12:00:05.346695123Z","d":"2026-01-02","f":1e+21,"b":true,"s":"a,\\"b\\"\\n"}',
    '{"i":-1,"t":"1969-12-31T23:59:59.999999999Z","d":"1969-12-31","f":-0,"b":false,"s":""}',
    '{"i":null,"t":null,"d":null,"f":null,"b":null,"s":null}',
    '',
  ]
  t.equal(text('ndjson'), lines.join('\n'))
  t.equal(text('ndjson', 'string').split('\n')[0], lines[0].replace('9007199254740993', '"9007199254740993"'))
})

t.test('stamps are right across seconds, backwards and at the ends', async t => {
  const stamps = [
    0n,
    999999999n,
    1000000000n,
    5n,
    -1n,
    -1000000000n,
    -999999999n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    4294967295n,
    4294967296n,
  ]
  const spec: ColumnSpec[] = [{ name: 't', type: 'ts' }]
  const encoder = encoderFor('csv')
  const lines = encoder.batch(
    batchOf(spec, [{ type: 'ts', values: BigInt64Array.from(stamps), valid: null }], stamps.length),
  )
  t.strictSame(String(lines).trim().split('\r\n'), stamps.map(stampText))
  t.equal(stampText(-1n), '1969-12-31T23:59:59.999999999Z')
})

t.test('CSV tells null and the empty string apart', async t => {
  t.strictSame(text('csv').split('\r\n'), [
    'i,t,d,f,b,s',
    '9007199254740993,2026-01-02T12:00:05.346695123Z,2026-01-02,1e+21,true,"a,""b""\n"',
    '-1,1969-12-31T23:59:59.999999999Z,1969-12-31,-0,false,""',
    ',,,,,',
    '',
  ])
})

t.test('Arrow: one stream over many batches, strings plain', async t => {
  const encoder = encoderFor('arrow')
  const other = batchOf(
    specs,
    [...columns.slice(0, 5), { ...columns[5], dictionary: { words: ['x', 'y', 'z'] } } as Column],
    3,
  )
  const parts = [encoder.start(schema), encoder.batch(batch), encoder.batch(other), encoder.end()] as Uint8Array[]
  const table = tableFromIPC(Buffer.concat(parts))
  t.equal(table.numRows, 6)
  t.strictSame([...table.getChild('i')!].slice(0, 3), [9007199254740993n, -1n, null])
  t.strictSame([...table.getChild('s')!], ['a,"b"\n', '', null, 'x', 'y', null])
  t.equal(String(table.schema.fields[5].type), 'Utf8')
  t.equal(table.batches.length, 2)

  const empty = encoderFor('arrow')
  const none = tableFromIPC(Buffer.concat([empty.start(schema), empty.end()] as Uint8Array[]))
  t.strictSame([none.numRows, none.schema.fields.length], [0, 6])
})
