// Runs every test file that was built and closes with a line of counts. Arguments choose files: `npm test -- laws`.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const tap = join(root, 'node_modules/tap/dist/esm/run.mjs')
const wanted = process.argv.slice(2)

const files = readdirSync(join(root, 'dist/test'), { recursive: true })
  .filter(name => name.endsWith('.test.js') && (wanted.length === 0 || wanted.some(word => name.includes(word))))
  .sort()
  .map(name => join('dist/test', name))
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`)
  process.exit(2)
}

/** Runs tap with plain output and returns its exit code and the counts of its own closing comment. */
function runTap(args, quiet = false) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [tap, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let rest = ''
    let counts
    child.stdout.setEncoding('utf8').on('data', text => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        const found = /^# (\{ total: .*\})$/.exec(line)
        if (found) counts = found[1]
        // Passing assertions are many; failures, skips and the files themselves are what people read.
        const shown =
          /^(ok|not ok|Bail)/.test(line) || /not ok|# SKIP/.test(line) || /^\s+(---|\.\.\.|[a-zA-Z@+-])/.test(line)
        if (!quiet && shown && !/^\s+ok /.test(line)) console.log(line)
      }
    })
    child.on('close', code => resolve({ code, counts }))
  })
}

// Tests are built by tsc before tap sees them; tap is built without its own TypeScript loader, once an installation.
const changedAt = path => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0)
if (changedAt('.tap/plugins') < changedAt('node_modules/.package-lock.json')) {
  rmSync(join(root, '.tap/plugins'), { recursive: true, force: true })
  await runTap(['build'], true)
}
const { code, counts } = await runTap(['--reporter=tap', '--jobs=2', ...files])
const count = name => Number(new RegExp(`${name}: (\\d+)`).exec(counts ?? '')?.[1] ?? 0)
const skipped = count('skip') + count('todo')
const failed = count('fail') + (code !== 0 && count('fail') === 0 ? 1 : 0)
console.log(`${count('pass')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(code === 0 && counts === undefined ? 1 : code)
