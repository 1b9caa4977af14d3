// Makes a fresh clone ready: installs from the lockfile and builds, each only when something changed.
// Plain JavaScript without imports from packages: it runs before there are any.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Basalt needs Node 20.19 or later; this is ${process.versions.node}.`)
  process.exit(1)
}

const changedAt = path => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Returns when a file below a folder last changed. */
function newest(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts')) // data and results are no sources
    .reduce((latest, entry) => Math.max(latest, changedAt(join(entry.parentPath, entry.name))), 0)
}

function run(command, ...args) {
  execFileSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
}

const installed = () => changedAt(join(root, 'node_modules/.package-lock.json'))
if (installed() < changedAt(join(root, 'package-lock.json'))) {
  console.log('Installing packages from the lockfile …')
  run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error')
}

const products = ['.tsbuildinfo', 'lib/wasm/kernels.wasm', 'bundle/LICENSES.txt']
const built = Math.min(...products.map(file => changedAt(join(root, 'dist', file))))
const sources = ['lib', 'operators', 'configs', 'bench', 'test'].map(newest)
// The bundle holds code of packages: other versions are other sources.
if (built < Math.max(...sources, installed(), changedAt(join(root, 'tsconfig.json')))) {
  console.log('Building …')
  // Files of sources that are gone would stay, and be found as tests.
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json')
  run(process.execPath, join(root, 'lib/wasm/build.mjs'))
  run(process.execPath, join(root, 'lib/bundle/build.mjs'))
}

// npm links the commands of dependencies, not those of the package itself: this is what `npx basalt` finds in a clone.
const command = join(root, 'node_modules/.bin/basalt')
writeFileSync(command, "#!/usr/bin/env node\nimport('../../dist/bundle/cli.js')\n")
writeFileSync(`${command}.cmd`, '@node "%~dp0\\..\\..\\dist\\bundle\\cli.js" %*\r\n')
chmodSync(command, 0o755)
