import { resolve } from 'node:path'
import t from 'tap'
import { type Import, importsIn, importsOf, sourcesIn } from './imports.js'

/** Rooms of the code, the most particular first. A room is a folder, or single files of one. */
const ROOMS: Record<string, RegExp> = {
  core: /^lib\/core\//,
  io: /^lib\/io\//,
  wasm: /^lib\/wasm\//,
  fold: /^lib\/fold\//,
  plan: /^lib\/plan\//,
  exec: /^lib\/exec\//,
  checks: /^lib\/checks\//,
  runs: /^lib\/runs\//,
  sample: /^lib\/sample\//,
  plot: /^lib\/plot\//,
  cli: /^lib\/cli\//,
  top: /^lib\/[^/]+\.ts$/,
  simulation: /^operators\/simulation\//,
  operators: /^operators\//,
  configs: /^configs\//,
}

/** What each room may import, beside itself. */
const MAY: Record<string, (RegExp | string)[]> = {
  core: ['apache-arrow'],
  operators: ['core', 'zod'],
  simulation: ['core'],
  configs: ['core', 'zod', 'yaml', 'jiti', 'node:fs', 'node:path', 'node:url'],
  wasm: [/^node:/],
  fold: ['core', 'wasm'],
  io: ['core', 'wasm', 'apache-arrow', /^hyparquet/, /^node:/],
  plan: ['core', 'configs', 'zod'],
  checks: ['core', 'configs', 'io', 'node:fs'],
  runs: ['core', 'io', /^node:/],
  exec: [
    'core',
    'checks',
    'io',
    'fold',
    'wasm',
    'plan',
    'apache-arrow',
    'worker-threads-pool',
    'stream-chain',
    /^node:/,
  ],
  sample: ['core', 'io', 'simulation', /^node:/],
  plot: ['core'],
  top: [/^(?!cli$)/], // the command line is a user of the library
  cli: [/^/],
}

const roomOf = (path: string): string | undefined => Object.keys(ROOMS).find(name => ROOMS[name].test(path))

/** Lists imports that the table forbids. */
function forbidden(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const room = roomOf(from)
    const target = roomOf(to) ?? to
    if (room === undefined) return [`${from} is in no room`]
    const allowed = MAY[room].some(each => (typeof each === 'string' ? each === target : each.test(target)))
    return room === target || allowed ? [] : [`${from} imports ${to}`]
  })
}

/** Returns the rooms of an import cycle, or undefined. */
function cycle(imports: readonly Import[]): string[] | undefined {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [room, target] = [roomOf(from), roomOf(to)]
    if (room && target && room !== target) edges.set(room, (edges.get(room) ?? new Set()).add(target))
  }
  const follow = (path: string[]): string[] | undefined => {
    for (const next of edges.get(path[path.length - 1]) ?? []) {
      if (path.includes(next)) return [...path.slice(path.indexOf(next)), next]
      const found = follow([...path, next])
      if (found) return found
    }
  }
  for (const room of edges.keys()) {
    const found = follow([room])
    if (found) return found
  }
}

const VAGUE = /(^|[-/])(utils?|helpers?|common|misc|manager|shared|stuff)(\.|s?\/|-)/i

const root = resolve(import.meta.dirname, '../..')
const files = sourcesIn(root, ['lib', 'operators', 'configs'])
const imports = importsOf(root, files)

t.test('who imports whom', async t => {
  t.ok(files.length > 100 && imports.length > 300)
  t.same(forbidden(imports), [])
  t.equal(cycle(imports), undefined)
})

t.test('names say what a file is', async t => {
  t.same(
    files.filter(file => VAGUE.test(file)),
    [],
  )
})

t.test('the check finds what it has to', async t => {
  const planted: [string, string][] = [
    ['lib/core/batch.ts', `import { readFileSync } from 'node:fs'`],
    ['lib/core/batch.ts', `import { z } from 'zod'`],
    ['lib/core/batch.ts', `export { scan } from '../io/index.js'`],
    ['lib/io/find.ts', `import type { Unit } from '../plan/units.js'`],
    ['lib/plan/build.ts', `import { scan } from '../io/index.js'`],
    ['lib/plan/build.ts', `import { readFileSync } from 'node:fs'`],
    ['lib/wasm/memory.ts', `import { BasaltError } from '../core/error.js'`],
    ['lib/fold/fold.ts', `import { readFileSync } from 'node:fs'`],
    ['lib/fold/fold.ts', `import { scan } from '../io/index.js'`],
    ['lib/checks/facts.ts', `import { runPass } from '../exec/pass.js'`],
    ['lib/exec/run.ts', `import {\n  bars,\n} from '../../operators/index.js'`],
    ['lib/exec/run.ts', `const { load } = await import('../../configs/index.js')`],
    ['operators/trade/generic.ts', `import '../../lib/exec/run.js'`],
    ['operators/kernels/sum.ts', `import { now } from 'node:perf_hooks'`],
    ['operators/kernels/sum.ts', `import _ from 'lodash'`],
    ['configs/load.ts', `import { scan } from '../lib/io/index.js'`],
    ['lib/exec/pass.ts', `import '../sample/write.js'`],
    ['lib/plot/chart.ts', `import { readFileSync } from 'node:fs'`],
    ['lib/plot/chart.ts', `import { scan } from '../io/index.js'`],
    ['lib/basalt.ts', `import { main } from './cli/main.js'`],
  ]
  for (const [from, line] of planted) {
    const found = importsIn(from, `/** import { x } from 'y' */\n// import { x } from 'y'\n${line}\n`)
    t.equal(found.length, 1)
    t.equal(forbidden(found).length, 1, `${from}: ${line}`)
  }
  t.same(
    forbidden(importsIn('lib/exec/run.ts', `import { join } from 'node:path'\nimport { a } from '../io/index.js'`)),
    [],
  )
  const back = importsIn('lib/io/find.ts', `import { runPass } from '../exec/pass.js'`)
  t.ok(cycle([...imports, ...back]), 'a cycle')
  for (const name of ['lib/utils.ts', 'lib/io/file-helpers.ts', 'operators/common/x.ts', 'lib/exec/manager.ts'])
    t.match(name, VAGUE)
})
