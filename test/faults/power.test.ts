import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { configFile } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { type Call, Disk, sha256 } from './disk.js'
import { makeJob, outputsIn, runJob, THREE_PASSES } from './job.js'

t.setTimeout(3_600_000)

const STATES = Number(process.env.BASALT_FAULT_STATES ?? 1500)

const folder = folderFor(t)
const root = join(folder, 'out')
const config = await makeJob(folder)
/** The same files from another config: every one of them is replaced. */
const other = configFile(
  folder,
  { ...THREE_PASSES, PASSES: THREE_PASSES.PASSES.map(pass => ({ ...pass, time_bucket_seconds: 1200 })) },
  'other.yaml',
)

const first = await runJob(folder, config, 'out')
if (first.code !== 0) throw new Error(first.stderr)
const standing = contents(root)
const log = join(folder, 'log.ndjson')
const second = await runJob(folder, other, 'out', { fault: 'none', call: 0, log })
if (second.code !== 0) throw new Error(second.stderr)
const calls: Call[] = readFileSync(log, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line))
const whole = new Set([...standing.values(), ...contents(root).values()].map(sha256))

/** Returns the content of each file below a folder, by path. */
function contents(at: string): Map<string, Buffer> {
  const found = existsSync(at) ? readdirSync(at, { recursive: true, withFileTypes: true }) : []
  const files = found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return new Map(files.map(path => [path, readFileSync(path)]))
}

/** Draws numbers from 0 to 1 that are the same every time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Lists what is wrong with the files of a state: outputs that are torn, markers that speak of something else. */
function wrongIn(files: ReadonlyMap<string, Buffer>): string[] {
  const wrong: string[] = []
  for (const [path, bytes] of files) {
    const name = path.slice(root.length + 1)
    if (/(^|\/)\.[^/]*$|\.tmp$/.test(name)) continue // half-written files are nobody's
    if (!name.startsWith('_basalt')) {
      if (!whole.has(sha256(bytes))) wrong.push(`${name} is torn`)
    } else if (name.startsWith('_basalt/files/')) {
      const marker = parsed(bytes)
      const output = marker && files.get(join(root, marker.path))
      if (!marker) wrong.push(`${name} is torn`)
      else if (!output || sha256(output) !== marker.sha256) wrong.push(`${name} speaks of another ${marker.path}`)
    }
  }
  return wrong
}

function parsed(bytes: Buffer): { path: string; sha256: string } | undefined {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

/** Cuts power behind calls spread over a run, again and again, and returns what is found wrong then. */
function statesOf(run: readonly Call[], states: number): { wrong: string[]; states: number } {
  const wrong: string[] = []
  const draw = random(7)
  const each = Math.max(1, Math.round(states / (run.length + 1)))
  let tried = 0
  const disk = new Disk(standing)
  for (let done = 0; done <= run.length; done++) {
    if (done > 0) disk.apply(run[done - 1])
    for (let i = 0; i < each; i++, tried++) {
      const share = [0, 0.5, 1][i % 3] // all is there, half of what need not be, none of it
      wrong.push(...wrongIn(disk.after(() => draw() < share)).map(what => `after call ${done}: ${what}`))
    }
  }
  return { wrong, states: tried }
}

t.test('power may fail behind any call: outputs are whole, and markers speak of what is there', t => {
  t.ok(calls.some(({ op, to }) => op === 'rename' && to?.endsWith('.parquet')))
  t.ok(
    calls.some(({ op }) => op === 'unlink'),
    'markers are dropped before their files are replaced',
  )
  const { wrong, states } = statesOf(calls, STATES)
  t.comment(`${calls.length} calls, ${states} states`)
  t.ok(states >= 1000)
  t.strictSame(wrong.slice(0, 5), [])
  t.not(outputsIn(root).size, 0)
  t.end()
})

t.test('calls that are left out are noticed', t => {
  const isData = (path: string) => !path.includes('_basalt')
  const planted: [string, (call: Call) => boolean][] = [
    ['no fsync of outputs', call => !(call.op === 'fsync' && !call.directory && isData(call.path))],
    ['no fsync of folders of outputs', call => !(call.op === 'fsync' && call.directory === true && isData(call.path))],
    [
      'markers that stay while files are replaced',
      call => !(call.op === 'unlink' && call.path.includes('_basalt/files')),
    ],
  ]
  for (const [name, keep] of planted) t.not(statesOf(calls.filter(keep), STATES).wrong.length, 0, name)
  t.end()
})
