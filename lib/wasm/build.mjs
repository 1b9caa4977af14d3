// Compiles the kernels to one WebAssembly module: node lib/wasm/build.mjs
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const root = join(import.meta.dirname, '../..')
const out = join(root, 'dist/lib/wasm')
mkdirSync(out, { recursive: true })
const { error, stderr } = await asc.main(
  [
    'lib/wasm/assembly/index.ts',
    '--outFile',
    'dist/lib/wasm/kernels.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--noAssert',
    // Arrays of the host live in this memory. Shared, because growing a memory that is not would detach them all.
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--enable',
    'simd',
    '--enable',
    'threads',
    '--enable',
    'bulk-memory',
    '--enable',
    'nontrapping-f2i',
    '--enable',
    'sign-extension',
  ],
  { baseDir: root },
)
if (error) {
  console.error(stderr.toString() || error.message)
  process.exit(1)
}
