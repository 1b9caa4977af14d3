import t from 'tap'
import { Entries } from '../../lib/io/parquet/entries.js'
import { randomOf } from '../wasm/guarded.js'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

t.test('equal strings have one code, in the order they come', async t => {
  const random = randomOf(51)
  const entries = new Entries()
  const codes = new Map<string, number>()
  for (let k = 0; k < 20_000; k++) {
    const text = ['', 'a', 'x'.repeat(random(200)), `word ${random(3000)}`][random(4)]
    const inside = bytesOf(`<${text}>`)
    const code = entries.code(inside, 1, inside.length - 1)
    if (!codes.has(text)) codes.set(text, codes.size)
    if (code !== codes.get(text)) t.fail(`'${text}' is ${code} instead of ${codes.get(text)}`)
  }
  t.equal(entries.size, codes.size)
  t.same(entries.list.map(textOf), [...codes.keys()])
})

t.test('entries of a dictionary keep their places, and strings that follow find the first of equal ones', async t => {
  const entries = new Entries()
  for (const text of ['a', 'b', 'a', 'c']) entries.add(bytesOf(text), 0, 1)
  const first = entries.list
  t.same(first.map(textOf), ['a', 'b', 'a', 'c'])
  t.equal(entries.code(bytesOf('a'), 0, 1), 0)
  t.equal(entries.code(bytesOf('d'), 0, 1), 4)
  t.equal(entries.code(bytesOf('c'), 0, 1), 3)
  t.same(entries.list.map(textOf), ['a', 'b', 'a', 'c', 'd'])
  t.equal(entries.list, first, 'the list grows and stays the same one')
})

t.test('strings that take too much memory are a limit', async t => {
  const entries = new Entries(100)
  entries.add(bytesOf('x'.repeat(100)), 0, 100)
  t.throws(() => entries.add(bytesOf('y'), 0, 1), /take more than 100 bytes/)
})
