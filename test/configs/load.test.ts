// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what these tests are about.
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import t from 'tap'
import { sha256 } from '../../configs/digest.js'
import { packs, readConfig, setOverride } from '../../configs/index.js'
import { plainOf } from '../../configs/tree.js'
import { file, GOOD, load, refused, refusedYaml } from './support.js'

const plain = async (...sources: Parameters<typeof readConfig>[0]) => plainOf((await readConfig(sources)).tree)

t.test('YAML is 1.2: words and dates stay text, long integers stay exact', async t => {
  const text = 'A: no\nB: 2026-02-03\nC: 9007199254740993\nD: 12\nE: 1.5\nF: 0x10\nG: ~\nH: {1: x, 010: y}\nI: on\n'
  t.strictSame(await plain(file('core.yaml', text)), {
    A: 'no',
    B: '2026-02-03',
    C: '9007199254740993',
    D: 12,
    E: 1.5,
    F: 16,
    G: null,
    H: { '1': 'x', '010': 'y' },
    I: 'on',
  })
  t.strictSame(await plain(file('directive.yaml', '%YAML 1.1\n---\nA: no\n')), { A: 'no' })
  t.strictSame(await plain(file('mark.yaml', '\uFEFFA: 1\n')), { A: 1 })
  t.strictSame(await plain(file('empty.yaml', '')), {})
  t.strictSame(await plain(file('anchor.yaml', 'A: &a [1, 2]\nB: *a\n')), { A: [1, 2], B: [1, 2] })
})

t.test('JSON', async t => {
  const text = '{"A": 9007199254740993, "B": [1.5e1, true, null, "\\u00e9\\n"], "C": {}, "D": []}'
  t.strictSame(await plain({ json: text }), { A: '9007199254740993', B: [15, true, null, 'é\n'], C: {}, D: [] })
  const wrong: [string, string][] = [
    ['{"A": 1,}', 'j.json:1:9: not valid JSON: expected a key in double quotes, found "}"'],
    ['{"A": 1\n "B": 2}', `j.json:2:2: not valid JSON: expected ',' or '}', found "\\""`],
    ['[1, 2', `j.json:1:6: not valid JSON: expected ',' or ']', found the end of the text`],
    ['{"A": nul}', 'j.json:1:7: not valid JSON: expected a value, found "n"'],
    ['{"A": 1} x', 'j.json:1:10: not valid JSON: expected the end of the document, found "x"'],
    ['{"A": 01}', `j.json:1:8: not valid JSON: expected ',' or '}', found "1"`],
    ['{"A": 1, "A": 2}', 'j.json:1:10: A: given twice; first at line 1'],
    [
      '{"A": "x\ny"}',
      'j.json:1:7: not valid JSON: this text has no closing quote, or holds a line break or a wrong escape, found "\\""',
    ],
    ['[]', 'j.json:1:1: a config is a map of keys'],
    ['{"__proto__": {}}', "j.json:1:2: the key '__proto__' is not allowed"],
  ]
  for (const [json, line] of wrong) t.strictSame(await refused(file('j.json', json)), [line])
  const lines = await refused(file('k.json', JSON.stringify({ ...GOOD, LOGING_LEVEL: 'INFO' }, null, 2)))
  t.match(lines, [/^k.json:\d+:3: LOGING_LEVEL: unknown key/])
})

t.test('modules: objects and functions, sync and async', async t => {
  const text = JSON.stringify(GOOD)
  t.strictSame(await plain(file('a.ts', `const good: object = ${text}\nexport default good`)), GOOD)
  t.strictSame(await plain(file('b.mjs', `export default async () => (${text})`)), GOOD)
  const raw = await readConfig(
    [file('c.mts', 'export default (c: any) => ({ A: c.date, B: c.env.X, C: undefined })')],
    {
      date: '2026-02-03',
      env: { X: 'y' },
    },
  )
  t.strictSame(plainOf(raw.tree), { A: '2026-02-03', B: 'y' })
  const own = file('d.ts', `export default { ...${text}, WRONG: 1 }`)
  t.strictSame(await refused(own), ['d.ts: WRONG: unknown key'])
  t.match(await refused(file('e.ts', 'export const x = 1')), [/^e.ts: the default export must be/])
  t.match(await refused(file('f.ts', 'throw new Error("boom")')), [/^f.ts: the module failed: boom/])
  t.match(await refused(file('g.ts', 'export default { A: new Date() }')), [
    /^g.ts: A: expected plain data, found a Date/,
  ])
  t.match(await refused(file('h.mjs', 'export default { A: () => 1 }')), [/A: expected plain data, found a function/])
  t.match(await refused(file('i.mjs', 'const a = {}; a.a = a; export default a')), [/nested deeper than 40 levels/])
})

t.test('files that cannot be read', async t => {
  t.strictSame(await refused('none.yaml'), ['none.yaml: no such file'])
  t.match(await refused('a.toml'), [/a config is a .yaml/])
  t.strictSame(await refused(file('latin.yaml', Uint8Array.of(0x41, 0x3a, 0x20, 0xe9))), ['latin.yaml: not UTF-8 text'])
  t.match(await refusedYaml('A: [1, 2\n'), [/^c:\d+:\d+: not valid YAML: /])
  t.match(await refusedYaml('A: 1\n---\nB: 2\n'), [/a second document starts here/])
  t.match(await refusedYaml('A: !x 1\n'), [/^c:1:4: tags are not supported/])
  t.match(await refusedYaml('A: 1\nB: 2\nA: 3\n'), ['c:3:1: A: given twice; first at line 1'])
  t.match(await refusedYaml('- 1\n'), ['c:1:1: a config is a map of keys'])
  t.match(await refusedYaml('A: *x\n'), [/^c:1:4: /])
  t.match(await refusedYaml('? [a]\n: 1\n'), ['c:1:3: a key must be text'])
})

t.test('maps merge deeply, lists are replaced, USER_CONFIG is unwrapped', async t => {
  const a = file('m1.yaml', 'USER_CONFIG:\n  DATA: {root: /a, layout: hive}\n  PACKS: [x, y]\n')
  const b = file('m2.json', '{"DATA": {"root": "/b"}, "PACKS": ["z"]}')
  t.strictSame(await plain(a, b), { DATA: { root: '/b', layout: 'hive' }, PACKS: ['z'] })
  t.match(await refusedYaml('USER_CONFIG: {}\nDATA: {}\n'), [
    'c:2:1: DATA: stands beside USER_CONFIG; move it under USER_CONFIG',
  ])
})

t.test('packs are relative to the file that names them', async t => {
  const path = file('packs.yaml', 'PACKS: ./own.ts\n')
  t.strictSame(packs(await readConfig([path])), [{ specifier: './own.ts', base: dirname(path) }])
  t.strictSame(packs(await readConfig([{ object: { PACKS: ['p'] } }])), [{ specifier: 'p', base: process.cwd() }])
  t.strictSame(packs(await readConfig([{ object: {} }])), [])
})

t.test('placeholders', async t => {
  const read = async (value: string, env: Record<string, string> = {}) =>
    plainOf((await readConfig([{ object: { A: value } }], { env })).tree) as { A: unknown }
  t.strictSame(await read('${N}', { N: '5' }), { A: 5 })
  t.strictSame(await read('${N}', { N: 'true' }), { A: true })
  t.strictSame(await read('${N}', { N: '2026-02-03' }), { A: '2026-02-03' })
  t.strictSame(await read('${N}', { N: '"05"' }), { A: '05' })
  t.strictSame(await read('${N}', { N: '9007199254740993' }), { A: '9007199254740993' })
  t.strictSame(await read('x${N}y', { N: '5' }), { A: 'x5y' })
  t.strictSame(await read('${N:-7}'), { A: 7 })
  t.strictSame(await read('${N:-https://a:b}'), { A: 'https://a:b' })
  t.strictSame(await read('$${N} costs $5'), { A: '${N} costs $5' })
  const wrong = (value: string) => refused({ object: { A: value } })
  t.strictSame(await wrong('${N}'), ['config: A: the environment variable N is not set; set it or write ${N:-default}'])
  t.match(await wrong('${N'), [/a placeholder is/])
  t.match(await wrong('${a b}'), [/a placeholder is/])
  t.strictSame(plainOf((await readConfig([{ object: { '${N}': 1 } }])).tree), { '${N}': 1 }, 'keys are never touched')
})

t.test('secrets are never shown', async t => {
  const env = { MY_TOKEN: 'hush-hush', DB_PASSWORD: 'pw' }
  const object = { ...GOOD, DATASETNAME: '${MY_TOKEN}', DATA: { root: '/x/${MY_TOKEN}' } }
  const { origins, config } = await load({ object }, { env })
  t.equal(config.DATASETNAME, 'hush-hush')
  const shown = JSON.stringify(origins())
  t.notMatch(shown, 'hush')
  t.match(shown, '"path":"DATASETNAME","value":"***"')
  const lines = await refused(
    { object: { ...GOOD, LOGGING_LEVEL: '${MY_TOKEN}', UNIVERSE: '${DB_PASSWORD}' } },
    { env },
  )
  t.equal(lines.length, 2)
  t.notMatch(lines.join(), /hush|'pw'/)
})

t.test('--set and flags', async t => {
  const set = async (...texts: string[]) =>
    plainOf((await readConfig([{ object: { PASSES: [{ name: 'a' }] } }], { overrides: texts.map(setOverride) })).tree)
  t.strictSame(await set('PASSES[0].time_bucket_seconds=5'), { PASSES: [{ name: 'a', time_bucket_seconds: 5 }] })
  t.strictSame(await set('PASSES[a].modules=[trade, l2]'), { PASSES: [{ name: 'a', modules: ['trade', 'l2'] }] })
  t.strictSame(await set('PASSES[1]={name: b}'), { PASSES: [{ name: 'a' }, { name: 'b' }] })
  t.strictSame(await set('DATA.tables.trades.constants={MIC: X}', 'UNIVERSE=mic=XLON', 'TEMP_DIR='), {
    PASSES: [{ name: 'a' }],
    DATA: { tables: { trades: { constants: { MIC: 'X' } } } },
    UNIVERSE: 'mic=XLON',
    TEMP_DIR: null,
  })
  const wrong = (...texts: string[]) =>
    refused({ object: { PASSES: [{ name: 'pass1' }], N: 1 } }, { overrides: texts.map(setOverride) })
  t.strictSame(await wrong('PASSES[2].x=1'), ['--set PASSES[2].x=1: PASSES has 1 entries; [1] would append'])
  t.strictSame(await wrong('PASSES[pas1].x=1'), [
    "--set PASSES[pas1].x=1: PASSES has no entry named 'pas1'; did you mean 'pass1'?",
  ])
  t.strictSame(await wrong('N.x=1'), ["--set N.x=1: N is no map, so it has no key 'x'"])
  t.match(await wrong('nothing'), [/expected PATH=VALUE/])
  t.match(await wrong('A..b=1'), [/expected PATH=VALUE/])
  t.match(await wrong('A=b: c'), [/VALUE is a scalar or a flow value/])
  t.match(await wrong('A=[1'), [/^--set A=\[1: not valid YAML/])
  t.strictSame(await wrong('__proto__.x=1'), ["--set __proto__.x=1: the key '__proto__' is not allowed"])
  t.equal(({} as { x?: number }).x, undefined)
})

t.test('flags that disagree, and flags over files', async t => {
  const workers = { path: 'EXECUTION.workers', value: 2, flag: '--workers 2' }
  const expected = ['--workers 2 conflicts with --set EXECUTION.workers=4']
  t.strictSame(await refused({ object: GOOD }, { overrides: [workers, setOverride('EXECUTION.workers=4')] }), expected)
  t.strictSame(await refused({ object: GOOD }, { overrides: [setOverride('EXECUTION.workers=4'), workers] }), expected)
  t.strictSame(await refused({ object: GOOD }, { overrides: [workers, setOverride('NUM_WORKERS=4')] }), [
    '--workers 2 conflicts with --set NUM_WORKERS=4',
  ])
  t.strictSame(await refused({ object: GOOD }, { overrides: [workers, setOverride('EXECUTION={workers: 4}')] }), [
    '--workers 2 conflicts with --set EXECUTION={workers: 4}',
  ])
  const agreed = await load(
    { object: { ...GOOD, NUM_WORKERS: 8 } },
    { overrides: [workers, setOverride('EXECUTION.workers=2')] },
  )
  t.equal(agreed.config.EXECUTION.workers, 2, 'a flag wins over the other name in a file')
  const origin = agreed.origins().find(each => each.path === 'EXECUTION.workers')
  t.strictSame(origin, { path: 'EXECUTION.workers', value: 2, origin: '--set EXECUTION.workers=2' })
})

t.test('origins and places', async t => {
  const path = file(
    'o.yaml',
    'START_DATE: 2026-02-03\nEND_DATE: 2026-02-03\nNUM_WORKERS: 3\nPASSES:\n  - name: bars\n    modules: trade\n',
  )
  const { origins, locate, config } = await load(path)
  const of = (wanted: string) => origins().find(each => each.path === wanted)
  t.match(of('EXECUTION.workers'), { value: 3, origin: `${path}:3:14` })
  t.match(of('PASSES[0].modules'), { value: ['trade'], origin: `${path}:6:14` })
  t.match(of('PASSES[0].time_bucket_seconds'), { value: 60, origin: 'default' })
  t.equal(of('HEURISTIC_SIZES_PATH'), undefined, 'no default of a key without an engine')
  t.equal(locate('PASSES[0].modules'), `${path}:6:14`)
  t.equal(locate('PASSES[bars].name'), `${path}:5:11`)
  t.equal(locate('PASSES[0].output.root'), `${path}:5:5`, 'the nearest parent of what is not written')
  t.match(config.PASSES[0].trade_analytics, { ENABLED: true, annualisation_seconds: 21_772_800, generic_metrics: [] })
})

t.test('resolved outputs', async t => {
  const pass = { ...GOOD.PASSES[0], output: { type: 'csv' }, extra_outputs: [{ type: 'ndjson', root: '/n' }] }
  const { config } = await load({
    object: { ...GOOD, OUTPUT_TARGET: { root: '/out' }, PASSES: [pass, { ...GOOD.PASSES[0], name: 'b' }] },
  })
  const template = '{root}/{datasetname}/{pass}/{universe}/{start_date}_{end_date}'
  t.match(config.PASSES[0].output, { type: 'csv', root: '/out', path_template: `${template}.csv` })
  t.match(config.PASSES[0].extra_outputs, [{ type: 'ndjson', root: '/n', path_template: `${template}.ndjson` }])
  t.match(config.PASSES[1].output, { type: 'parquet', root: '/out', path_template: `${template}.parquet` })
})

t.test('a module named twice runs once', async t => {
  const other = { ...GOOD.PASSES[0], modules: ['trade', 'trade'] }
  t.strictSame((await load({ object: { ...GOOD, PASSES: [other] } })).config.PASSES[0].modules, ['trade'])
})

t.test('the hash follows results and nothing else', async t => {
  const hash = async (keys: object) => (await load({ object: { ...GOOD, ...keys } })).hash()
  const base = await hash({})
  t.match(base, /^[0-9a-f]{64}$/)
  for (const same of [
    { EXECUTION: { workers: 2, batch_rows: 7 } },
    { NUM_WORKERS: 3 },
    { DATA: { root: '/x' } },
    { OUTPUT_TARGET: { root: '/y' } },
    { LOGGING_LEVEL: 'DEBUG' },
    { BATCH_FREQ: 'W' },
  ]) {
    t.equal(await hash(same), base, JSON.stringify(same))
  }
  for (const other of [{ END_DATE: '2026-02-04' }, { DATA: { layout: 'hive' } }, { DATASETNAME: 'x' }]) {
    t.not(await hash(other), base, JSON.stringify(other))
  }
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const text = 'aé'.repeat(length).slice(0, length)
    t.equal(sha256(text), createHash('sha256').update(text).digest('hex'), `${length} characters`)
  }
})
