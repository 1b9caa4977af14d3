import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '../lib/prepare.js'
import { TRADE_TABLES, writeSample } from '../lib/sample/write.js'
import { MAIN } from './cli/command.js'

t.setTimeout(120_000)

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = join(root, 'configs/examples')

/** Returns the first block of code in a language that holds a phrase. */
function block(language: string, phrase: string): string {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code)
  const found = blocks.find(code => code.includes(phrase))
  if (!found) throw new Error(`README has no ${language} block with '${phrase}'`)
  return found
}

t.test('the README shows the quickstart config as it is', async t => {
  const config = readFileSync(join(examples, 'quickstart.yaml'), 'utf8').replace(/^#.*\n/gm, '')
  t.equal(block('yaml', 'DATASETNAME: quickstart'), config)
})

t.test('every example is valid', async t => {
  for (const name of readdirSync(examples)) {
    const { loaded } = await loadConfig([join(examples, name)], { env: { BASALT_SHARED: '/somewhere' } })
    t.strictSame(loaded.warnings, [], name)
  }
})

t.test('the checks that the README shows are limits of its quickstart', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-readme-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  await writeSample({ out: join(folder, 'sample-market'), tables: TRADE_TABLES, listings: 4, trades: 2000 })
  const checks = join(folder, 'checks.yaml')
  writeFileSync(checks, block('yaml', 'QUALITY_CHECKS'))
  const config = [join(examples, 'quickstart.yaml'), checks]
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [MAIN, 'pipeline', 'run', ...config, ...flags], { cwd: folder, encoding: 'utf8' })
  t.match(run(), { status: 2, stderr: /SCHEMA_LOCK_PATH: no such file: columns\.lock\.json/ })
  t.match(run('--set', 'SCHEMA_LOCK_MODE=update'), { status: 0, stderr: '' })
  t.match(run(), { status: 0, stderr: '' })
  t.match(run('--set', 'QUALITY_CHECKS.ranges.Low=[0, 1]'), { status: 1, stderr: /bars fails 1 check .*: Low: max=/ })
})

t.test('the lines of the README run, and show what they show', async t => {
  // Beside the repository's own package.json, so that 'basalt' resolves as it does for a reader of the README.
  const folder = mkdtempSync(join(root, 'dist/readme-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const data = mkdtempSync(join(tmpdir(), 'basalt-readme-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  await writeSample({ out: join(data, 'sample-market'), tables: TRADE_TABLES })

  const script = join(folder, 'readme.mjs')
  writeFileSync(script, block('js', 'pipeline.stream').replace('configs/examples', examples))
  const printed = execFileSync(process.execPath, [script], { cwd: data, encoding: 'utf8' })
  t.match(printed, /Open \[local currency\].*\ntraded \d+/)

  const args = [MAIN, 'stream', 'run', join(examples, 'quickstart.yaml'), '--format', 'csv', '--limit', '2']
  const csv = execFileSync(process.execPath, args, { cwd: data, encoding: 'utf8' })
  t.equal(csv.replaceAll('\r', ''), block('csv', 'TradeTotalVWAP'))

  const line = block('sh', 'basalt plot').replace('configs/examples', examples).trim().split(' ').slice(2)
  t.match(
    execFileSync(process.execPath, [MAIN, ...line], { cwd: data, encoding: 'utf8' }),
    'wrote chart.html (494 bars, ',
  )
})
