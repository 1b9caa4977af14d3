import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lockProblems, updateSchemaLock } from '../../lib/checks/schema-lock.js'
import { folderFor } from '../exec/folder.js'

const folder = folderFor(t)
const path = join(folder, 'lock.json')
type Mode = 'off' | 'warn' | 'raise' | 'update'

const configOf = (mode: Mode, passes = ['a', 'b'], file = path) => ({
  SCHEMA_LOCK_MODE: mode,
  SCHEMA_LOCK_PATH: file,
  PASSES: passes.map(name => ({ name })),
})
const plan = (name: string, ...columns: string[]) => ({ name, columns: columns.map(each => ({ name: each })) })
const PLANS = [plan('a', 'Date', 'Open', 'Close'), plan('b', 'Date', 'Volume')]
const said = (plans = PLANS, passes?: string[]) =>
  lockProblems(configOf('raise', passes), plans).map(each => `${each.path}: ${each.problem}`)

t.test('an update writes the columns of every pass, once', async t => {
  t.match(lockProblems(configOf('raise'), PLANS), [
    { severity: 'error', path: 'SCHEMA_LOCK_PATH', problem: /no such file/, hint: /SCHEMA_LOCK_MODE=update/ },
  ])
  t.match(lockProblems(configOf('warn'), PLANS), [{ severity: 'error', problem: /no such file/ }])
  for (const mode of ['off', 'warn', 'raise'] as const) {
    t.equal(await updateSchemaLock(configOf(mode), PLANS), undefined)
    t.notOk(existsSync(path), mode)
  }
  t.strictSame(lockProblems(configOf('update'), PLANS), [])
  t.equal(await updateSchemaLock(configOf('update'), PLANS), path)
  t.strictSame(JSON.parse(readFileSync(path, 'utf8')), { a: ['Date', 'Open', 'Close'], b: ['Date', 'Volume'] })
  const { ino } = statSync(path)
  t.equal(await updateSchemaLock(configOf('update'), PLANS), undefined)
  t.equal(statSync(path).ino, ino, 'left alone')
  t.strictSame(readdirSync(folder), ['lock.json'], 'no temporary file')
  for (const mode of ['off', 'warn', 'raise'] as const) t.strictSame(lockProblems(configOf(mode), PLANS), [])
})

t.test('names and order are compared, pass by pass', async t => {
  t.strictSame(said([plan('a', 'Date', 'High', 'Close', 'Low'), PLANS[1]]), [
    `PASSES[0]: columns of pass a are not those of ${path}: missing: Open; new: High, Low`,
  ])
  t.strictSame(said([plan('a', 'Date', 'Close', 'Open'), PLANS[1]]), [
    `PASSES[0]: columns of pass a are not those of ${path}: the order differs, column 2 is Close and was Open`,
  ])
  t.strictSame(said([plan('a', 'Date', 'Open'), PLANS[1]]), [
    `PASSES[0]: columns of pass a are not those of ${path}: missing: Close`,
  ])
  t.strictSame(said([...PLANS, plan('c', 'Date')], ['c', 'a']), [
    `PASSES[0]: pass c is not in ${path}`,
    `SCHEMA_LOCK_PATH: ${path} has columns of a pass b, which is no more`,
  ])
  t.strictSame(said([PLANS[1]]), [], 'a pass that could not be planned')
  const [problem] = lockProblems(configOf('warn'), [plan('a'), PLANS[1]])
  t.match(problem, { severity: 'warning', hint: /pipeline validate once with --set SCHEMA_LOCK_MODE=update/ })
})

t.test('an update keeps what it does not know and forgets what is no more', async t => {
  await updateSchemaLock(configOf('update', ['c', 'a']), [plan('c', 'Date')])
  t.equal(readFileSync(path, 'utf8').replaceAll(/\s/g, ''), '{"c":["Date"],"a":["Date","Open","Close"]}')
})

t.test('a file that is no lock is neither believed nor overwritten', async t => {
  for (const text of ['', '[]', 'null', '{"a": "Date"}', '{"a": [1]}', '{"a": ["Date"]']) {
    writeFileSync(path, text)
    t.match(said(), [/^SCHEMA_LOCK_PATH: .*lock\.json is no schema lock, which is JSON as/], text)
    await t.rejects(updateSchemaLock(configOf('update'), PLANS), { fault: 'config', message: /delete it/ })
    t.equal(readFileSync(path, 'utf8'), text)
  }
  const directory = join(folder, 'directory')
  mkdirSync(directory)
  t.match(lockProblems(configOf('warn', ['a'], directory), PLANS), [{ severity: 'error', problem: /EISDIR/ }])
})
