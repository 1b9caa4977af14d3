// Runs every test file that was built and closes with a line of counts. Arguments choose files: `npm test -- laws`.
// Each file is a TAP program that counts its own assertions. tap's runner would load every module of every process and
// thread through a hook that notes what a test covers: with it the tests of a file took half as long again.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const SECONDS = 300 // that a test, or a file's worth of silence after its last one, may take
const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)

const files = readdirSync(join(root, 'dist/test'), { recursive: true })
  .filter(name => name.endsWith('.test.js') && (wanted.length === 0 || wanted.some(word => name.includes(word))))
  .sort()
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`)
  process.exit(2)
}

/** Runs a file; returns its lines, its own counts, and whether it ended well. */
function run(file) {
  return new Promise(resolve => {
    const env = { ...process.env, TAP: '1', TAP_TIMEOUT: String(SECONDS) }
    const args = ['--enable-source-maps', join('dist/test', file)]
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const kill = () => child.kill('SIGKILL')
    let watch = setTimeout(kill, 2 * SECONDS * 1000)
    let text = ''
    child.stdout.setEncoding('utf8').on('data', more => {
      text += more
      clearTimeout(watch)
      watch = setTimeout(kill, 2 * SECONDS * 1000) // a test that hangs is ended by itself, a process that does is not
    })
    child.on('close', (code, signal) => {
      clearTimeout(watch)
      const lines = text.split('\n')
      const own = lines.findLast(line => line.startsWith('# { total: ')) ?? ''
      const count = name => Number(new RegExp(`\\b${name}: (\\d+)`).exec(own)?.[1] ?? 0)
      const counts = { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') }
      // A file that ended before it had counted, or ended ill after it, has failed whatever it counted.
      if (counts.failed === 0 && (code !== 0 || own === '')) counts.failed = 1
      resolve({ lines, counts, end: signal ?? code })
    })
  })
}

// Passing assertions are many; failures, skips and the files themselves are what people read.
const isRead = line =>
  (/^(not ok|Bail)/.test(line) || /not ok|# SKIP/.test(line) || /^\s+(---|\.\.\.|[a-zA-Z@+-])/.test(line)) &&
  !/^\s+ok (?!.*# SKIP)/.test(line)

const totals = { passed: 0, failed: 0, skipped: 0 }
let next = 0
let done = 0
async function work() {
  for (let file = files[next++]; file !== undefined; file = files[next++]) {
    const since = performance.now()
    const { lines, counts, end } = await run(file)
    for (const name of Object.keys(totals)) totals[name] += counts[name]
    const ok = counts.failed === 0
    const shown = ok ? lines.filter(line => line.includes('# SKIP')) : lines.filter(isRead)
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    for (const line of shown) console.log(`    ${line}`)
    console.log(
      `${ok ? 'ok' : 'not ok'} ${++done}/${files.length} ${file} # ${seconds} s${ok ? '' : `, ended with ${end}`}`,
    )
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism() >> 1) }, work))

const { passed, failed, skipped } = totals
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 ? 1 : 0)
