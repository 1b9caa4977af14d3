import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from './cli/command.js'

const bundle = join(ROOT, 'dist/bundle')
const read = (name: string) => readFileSync(join(bundle, name), 'utf8')
const files = readdirSync(bundle).filter(name => name.endsWith('.js'))

/** Sources of a file; those that are copied have none. */
function sourcesOf(file: string): string[] {
  if (!existsSync(join(bundle, `${file}.map`))) return []
  const { sources } = JSON.parse(read(`${file}.map`)) as { sources: string[] }
  return sources.map(path => path.replace(/^(\.\.\/)+/, ''))
}

/** Files that a file of the bundle loads when it is loaded, itself among them. */
function loadedBy(file: string, found = new Set<string>()): Set<string> {
  found.add(file)
  for (const [, other] of read(file).matchAll(
    /^(?:import|export|\}|await import\()(?: .*from)? ?["']\.\/([^"']+)["']\)?;?$/gm,
  ))
    if (!found.has(other)) loadedBy(other, found)
  return found
}

/** What is loaded with a file: files of the bundle, and sources in them. */
const loadedWith = (file: string): string[] => [...loadedBy(file)].flatMap(name => [name, ...sourcesOf(name)])

t.test('every source is in one file: there is one of each class, whoever asks', async t => {
  const places = new Map<string, string[]>()
  for (const file of files)
    for (const source of sourcesOf(file)) places.set(source, [...(places.get(source) ?? []), file])
  t.ok(places.size > 400)
  t.same(
    [...places].filter(([, where]) => where.length > 1),
    [],
  )
})

t.test('what is needed now and then is not loaded at the start', async t => {
  const fold = ['lib/core/error.ts', 'lib/exec/packs.ts', 'lib/fold/fold.ts', 'lib/io/parquet/scan.ts']
  const arrow = 'node_modules/apache-arrow/src/recordbatch.ts'
  const never = 'jiti|brotli|fzstd|simulation|lib/sample|lib/plot|io/results|locales/(?!en.js)'
  const cases: [string, string[], string][] = [
    ['cli.js', [...fold, arrow, 'lib/cli/main.ts', 'configs/read-yaml.ts'], 'installed-arrow|stream-chain'],
    ['index.js', [...fold, 'installed-arrow.js', 'operators/trade/generic.ts'], 'apache-arrow|commander|lib/cli'],
    [
      'worker.js',
      [...fold, arrow, 'lib/exec/worker.ts'],
      'installed-arrow|zod|yaml|commander|stream-chain|sinks|parquet/write/group|configs/|operators/',
    ],
    ['operators.js', ['operators/trade/generic.ts'], 'arrow.js|yaml|commander|lib/(io|exec|fold)|configs/'],
  ]
  for (const [start, some, others] of cases) {
    const sources = loadedWith(start)
    t.same(
      some.filter(source => !sources.includes(source)),
      [],
      start,
    )
    t.same(
      sources.filter(source => new RegExp(`${never}|${others}`).test(source)),
      [],
      start,
    )
  }
})

t.test('the licences of packages come along', async t => {
  const packages = files
    .flatMap(sourcesOf)
    .flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])
  const text = read('LICENSES.txt')
  for (const name of new Set(packages)) t.match(text, new RegExp(`^${name} \\d`, 'm'), name)
})
