import t from 'tap'
import { bytesOf } from '../../configs/index.js'
import { decimalText } from '../../configs/words.js'
import { file, load, refused } from './support.js'

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...'bcdefghi'.split('').map((name, i) => {
    const before = 'abcdefgh'[i]
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`
  }),
].join('\n')

const hostile: [name: string, text: string, problem: RegExp][] = [
  ['bytes.yaml', 'a'.repeat(4_000_000), /4000000 bytes are too many/],
  ['bytes.json', `"${'a'.repeat(4_000_000)}"`, /too many for a config/],
  ['bytes.ts', `export default {} // ${'a'.repeat(4_000_000)}`, /too many for a config/],
  ['bomb.yaml', bomb, /aliases expand to more than 10000 values/],
  ['self.yaml', 'a: &a [*a]', /contains itself|no anchor/],
  ['root.yaml', '&r\na: *r', /contains itself|no anchor/],
  ['flow.yaml', '['.repeat(500_000), /nested deeper/],
  ['quoted.yaml', '["]",'.repeat(100_000), /nested deeper/],
  ['dashes.yaml', '- '.repeat(400_000), /nested deeper/],
  ['questions.yaml', '? '.repeat(400_000), /nested deeper/],
  ['tokens.yaml', '- 1\n'.repeat(200_000), /more than 60000 tokens/],
  ['indents.yaml', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /nested deeper/],
  ['flow.json', '['.repeat(500_000), /nested deeper/],
  ['maps.json', '{"a":'.repeat(150_000), /nested deeper/],
  ['many.json', `[${'1,'.repeat(200_000)}1]`, /more than 50000 values are too many/],
  ['proto.yaml', 'DATA: {__proto__: {polluted: 1}}', /the key '__proto__' is not allowed/],
  ['constructor.yaml', 'constructor: {prototype: {polluted: 1}}', /the key 'constructor' is not allowed/],
  ['proto.mjs', 'export default JSON.parse(\'{"__proto__": {"polluted": 1}}\')', /the key '__proto__' is not allowed/],
  ['dollars.yaml', `A: "${'${A:-'.repeat(150_000)}"`, /a placeholder is/],
  ['tag.yaml', 'A: !!js/function "x"', /tags are not supported/],
]

// These take milliseconds; before the bounds existed, some took minutes. A loaded machine must not fail the test.
const HANG_MS = 5000

t.test('hostile documents are refused quickly', async t => {
  await refused(file('warm.yaml', 'a: ['))
  await refused(file('warm.mjs', 'export default 1'))
  for (const [name, text, problem] of hostile) {
    const path = file(name, text)
    const start = performance.now()
    const lines = await refused(path)
    const ms = performance.now() - start
    t.match(lines, [problem], name)
    t.ok(lines[0].startsWith(name), 'the file is named')
    t.ok(ms < HANG_MS, `${name}: ${ms.toFixed(0)} ms`)
  }
  t.equal(({} as { polluted?: number }).polluted, undefined)
})

t.test('large but honest documents are read', async t => {
  const ids = Array.from({ length: 5000 }, (_, i) => `    - ${i}`).join('\n')
  const text = `START_DATE: 2026-02-03\nEND_DATE: 2026-02-03\nPASSES: [{name: a, modules: trade}]\nDATA:\n  tables: {trades: {filter: {ListingId: [1]}}}\n  markets:\n${ids.replace(/- (\d+)/g, "- 'X$1'")}\n`
  t.equal((await load(file('large.yaml', text))).config.DATA.markets?.length, 5000)
})

t.test('sizes', t => {
  t.equal(bytesOf('512MB', 0), 512e6)
  t.equal(bytesOf('2GiB', 0), 2 ** 31)
  t.equal(bytesOf('1.5 KB', 0), 1500)
  t.equal(bytesOf('50%', 1001), 500)
  t.end()
})

t.test('decimals', t => {
  const table: [string | number, string | undefined][] = [
    [0.000001, '0.000001'],
    [1e-7, '0.0000001'],
    ['0.0001', '0.0001'],
    [1, '1'],
    ['1e3', '1000'],
    ['12.50', '12.5'],
    ['.5', '0.5'],
    ['0', undefined],
    ['-1', undefined],
    ['x', undefined],
    ['', undefined],
  ]
  for (const [value, text] of table) t.equal(decimalText(value), text, String(value))
  t.end()
})
