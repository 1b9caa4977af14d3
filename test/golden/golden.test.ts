import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { everything, expectedLines, readExpectation, shown } from '../support/expectation.js'
import { writeTable } from '../support/parquet.js'
import { type RunRows, runConfig } from '../support/run.js'
import { readTypedCsv } from '../support/typed-csv.js'

// One folder a case; README.md beside this file says what is in it. UPDATE_GOLDEN=1 writes what comes out.
// Each case is planned and run twice.
t.setTimeout(120_000)

const here = resolve(import.meta.dirname, '../../../test/golden')
const update = process.env.UPDATE_GOLDEN === '1'

for (const entry of readdirSync(here, { withFileTypes: true })) {
  if (entry.isDirectory()) t.test(entry.name, test => check(test, join(here, entry.name)))
}

async function check(test: Test, folder: string): Promise<void> {
  const root = test.testdir({})
  for (const name of inputsOf(folder)) {
    writeTable(join(root, name.replace(/csv$/, 'parquet')), readTypedCsv(readFileSync(join(folder, name), 'utf8')))
  }
  const config = ['config.yaml', 'config.json'].map(name => join(folder, name)).find(existsSync)
  if (config === undefined) throw new Error(`${folder} holds neither config.yaml nor config.json`)
  const run = (batch_rows: number) =>
    runConfig([config, { DATA: { root }, EXECUTION: { workers: 1, batch_rows } }], { CASE: folder })

  const failure = join(folder, 'expected-error.txt')
  if (existsSync(failure)) return checkFailure(test, failure, await run(65_536).then(() => '', messageOf(folder, root)))
  const result = await run(65_536)
  for (const { path, pass } of expectationsOf(folder, result)) checkRows(test, path, pass, result)
  const words = join(folder, 'expected-warnings.txt')
  if (existsSync(words)) checkWords(test, words, result.said)
  test.same((await run(1)).passes, result.passes, 'the same in batches of one row')
}

/** Lists the tables to write, as paths below the folder. */
function inputsOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }) as string[]
  return names
    .filter(name => name.endsWith('.csv') && !name.startsWith('expected'))
    .map(name => name.replaceAll('\\', '/'))
}

/** Lists what is expected of which pass: expected.csv of the last, expected.{pass}.csv of that one. */
function expectationsOf(folder: string, { passes }: RunRows): { path: string; pass: string }[] {
  const last = passes[passes.length - 1].name
  const files = readdirSync(folder).filter(name => /^expected(\.\w+)?\.csv$/.test(name))
  if (files.length === 0) files.push('expected.csv')
  return files.map(name => ({
    path: join(folder, name),
    pass: name.split('.').at(-2) === 'expected' ? last : name.split('.')[1],
  }))
}

function checkRows(test: Test, path: string, pass: string, { passes }: RunRows): void {
  const found = passes.find(({ name }) => name === pass)
  if (!found) throw new Error(`${path} expects a pass ${pass}; there is none`)
  const expected = existsSync(path) ? readExpectation(readFileSync(path, 'utf8')) : everything(found)
  const lines = shown(found, expected)
  if (update) writeFileSync(path, `${[...expected.comments, expected.columns.join(','), ...lines].join('\n')}\n`)
  else test.strictSame(lines, expectedLines(expected), pass)
}

/** Every line must be part of something that was said. */
function checkWords(test: Test, path: string, said: string[]): void {
  const wanted = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  if (update) writeFileSync(path, `${wanted.filter(line => said.some(text => text.includes(line))).join('\n')}\n`)
  else
    for (const line of wanted)
      test.strictSame(said.filter(text => text.includes(line)).length > 0 ? [line] : said, [line])
}

/** Every line must be part of the message. */
function checkFailure(test: Test, path: string, message: string): void {
  const wanted = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const met = wanted.length > 0 && wanted.every(line => message.includes(line))
  if (update && !met && message !== '') writeFileSync(path, `${message}\n`)
  else test.strictSame(met ? wanted : message.split('\n'), wanted)
}

function messageOf(folder: string, root: string): (error: Error) => string {
  return error => error.message.replaceAll(`${folder}/`, '').replaceAll(`${root}/`, '')
}
