// Joins what a process loads into a few files, after tsc: node lib/bundle/build.mjs
// Before `basalt --version` ran, some 600 small files had been found, read and compiled: 0.7 CPU seconds and 90 MB. Each
// worker thread did a third of that again. What is loaded by `import()` is a file of its own, read when it is needed.
import { createHash } from 'node:crypto'
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')
const RULE = `\n\n${'-'.repeat(80)}\n\n` // between licences
const bundle = join(root, 'dist/bundle')
rmSync(bundle, { recursive: true, force: true }) // names of shared files change with their content

const { metafile } = await build({
  absWorkingDir: root,
  // One call for all: what two of them load is in a file that both import, so each class and registry is there once.
  // They lie in one folder, so `new URL('./worker.js', import.meta.url)` is right from whichever file it ends up in.
  entryPoints: {
    command: 'dist/lib/cli/main.js',
    library: 'dist/lib/index.js',
    thread: 'dist/lib/exec/worker.js',
    operators: 'dist/lib/operators.js',
    'arrow-in-use': 'lib/bundle/arrow-in-use.mjs',
    'own-arrow': 'lib/bundle/own-arrow.mjs',
  },
  outdir: bundle,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['jiti'], // it loads its compiler by its own place, and only for configs in TypeScript
  alias: {
    'apache-arrow': './lib/bundle/arrow.mjs',
    // Of its codecs this is the one in use; the others bring 140 kB, most of it brotli's dictionary.
    'hyparquet-compressors': 'hyparquet-compressors/src/lz4.js',
  },
  // commander and yaml are CommonJS and require modules of node.
  banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  // Names and lines stay: stacks tell something, and minified code starts no faster. Maps are read by who asks for them.
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'eof',
  logLevel: 'warning',
  metafile: true,
})
// As they are: what they import is evaluated in their order, which esbuild does not keep between files.
cpSync(join(import.meta.dirname, 'entries'), bundle, { recursive: true })
copyFileSync(join(root, 'dist/lib/wasm/kernels.wasm'), join(bundle, 'kernels.wasm'))
writeFileSync(join(bundle, 'LICENSES.txt'), licences(metafile))
writeFileSync(join(bundle, 'build.json'), `${JSON.stringify({ hash: hashOf(bundle) })}\n`)

/** Names the code of the bundle: runs note with what code their results were made. */
function hashOf(folder) {
  const hash = createHash('sha256')
  const code = readdirSync(folder).filter(file => /\.(js|wasm)$/.test(file))
  for (const file of code.sort()) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}

/** Returns the licences and notices of the packages whose code is in the bundle. */
function licences({ outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const folders = new Set(files.flatMap(file => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  const texts = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const names = readdirSync(join(root, folder)).filter(file => /^(licen[cs]e|notice|copyright)/i.test(file))
    return [
      `${name} ${version} (${license})`,
      ...names.map(file => readFileSync(join(root, folder, file), 'utf8').trim()),
    ]
  })
  return `Packages whose code is part of these files.\n\n${texts.map(each => each.join('\n\n')).join(RULE)}\n`
}
