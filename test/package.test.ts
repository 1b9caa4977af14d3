import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { configFile, ROOT } from './cli/command.js'
import { BARS } from './cli/market.js'
import { folderFor } from './exec/folder.js'

t.setTimeout(600_000)

const run = promisify(execFile)
const npm = (args: string[], cwd: string) => run('npm', args, { cwd, maxBuffer: 64 * 1024 * 1024 })

/** Lists the folders of operators, as they are built: a module is a folder. */
function operators(): string[] {
  const folders = readdirSync(join(ROOT, 'operators'), { recursive: true, withFileTypes: true })
  const built = folders.filter(each => each.isDirectory()).map(each => join(each.parentPath, each.name))
  return ['operators', ...built.map(folder => relative(ROOT, folder))].map(folder => `dist/${folder}`).sort()
}

/** Folders of the package, and the files at its top: what users get, and nothing else. */
const CONTENT = [
  'README.md',
  'configs/examples',
  'dist/bundle',
  'dist/configs',
  'dist/lib',
  'dist/lib/checks',
  'dist/lib/cli',
  'dist/lib/core',
  'dist/lib/exec',
  'dist/lib/fold',
  'dist/lib/io',
  'dist/lib/io/parquet',
  'dist/lib/io/parquet/write',
  'dist/lib/io/results',
  'dist/lib/io/sinks',
  'dist/lib/plan',
  'dist/lib/plot',
  'dist/lib/runs',
  'dist/lib/sample',
  'dist/lib/wasm',
  ...operators(),
  'package.json',
]

/** Files that npm adds by itself where they exist. */
const MAY_EXIST = ['LICENSE', 'CHANGELOG.md', 'README.md']

const folder = folderFor(t)
let tarball = ''

t.test('the package holds what it needs and nothing else', async t => {
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT)
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  tarball = join(folder, filename)
  const paths = files.map(({ path }) => path)
  const places = new Set(paths.map(path => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : path)))
  const known = (place: string) => !MAY_EXIST.includes(place)
  t.same([...places].filter(known).sort(), CONTENT.filter(known))
  for (const path of paths) {
    t.notMatch(path, /(^|\/)(test|bench)\//)
    t.notMatch(path, /^dist\/(?!bundle\/).*(?<!\.d\.ts)$/, 'code is in the bundle; beside it are types only')
    t.notMatch(path, /\.tsbuildinfo$|(^|\/)[^.]+\.ts$/, 'no sources')
  }
})

t.test('it works where nothing else is', async t => {
  const place = join(folder, 'elsewhere')
  mkdirSync(place)
  writeFileSync(join(place, 'package.json'), '{ "name": "elsewhere", "private": true, "type": "module" }')
  try {
    await npm(['install', tarball, '--prefer-offline', '--no-audit', '--no-fund', '--omit=dev'], place)
  } catch (error) {
    const { stderr } = error as { stderr: string }
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED/.test(stderr)) throw error
    t.comment('skipped: its dependencies are neither cached nor to be had')
    return
  }
  const npx = async (...args: string[]) =>
    (await run('npx', ['--no-install', 'basalt', ...args], { cwd: place })).stdout
  t.match(await npx('--version'), /^\d+\.\d+\.\d+\n$/)
  t.match(await npx('sample', '--out', 'sample-market', '--listings', '3', '--trades', '300'), /^wrote 600 trades/)
  configFile(place, BARS)
  const csv = await npx('stream', 'run', 'config.yaml', '--format', 'csv', '--workers', '2')
  t.match(csv, /^Date,ListingId,TimeBucket,/)
  const rows = csv.trimEnd().split('\n').length - 1
  t.ok(rows > 5)

  writeFileSync(
    join(place, 'use.mjs'),
    `import { basalt } from 'basalt'
let rows = 0
for await (const batch of basalt('config.yaml').stream()) rows += batch.numRows
console.log(rows)`,
  )
  t.equal((await run(process.execPath, ['use.mjs'], { cwd: place })).stdout, `${rows}\n`)
})
