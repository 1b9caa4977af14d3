import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One import of a source file. */
export interface Import {
  from: string // path of the importing file, to the root
  to: string // path of the imported file, or the name of a package or of a node module
}

/** Lists TypeScript sources below folders of a root. */
export function sourcesIn(root: string, folders: readonly string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('wasm/assembly/'))
      .map(name => `${folder}/${name}`),
  )
}

export const importsOf = (root: string, files: readonly string[]): Import[] =>
  files.flatMap(file => importsIn(file, readFileSync(join(root, file), 'utf8')))

/** Lists the imports and re-exports of a source text, static and dynamic. */
export function importsIn(from: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const statements = /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  const found = [...code.matchAll(statements), ...code.matchAll(dynamic)].map(([, a, b]) => a ?? b)
  return found.map(name => ({ from, to: name.startsWith('.') ? sourceOf(from, name) : packageOf(name) }))
}

const sourceOf = (from: string, name: string) => normalize(join(dirname(from), name)).replace(/\.js$/, '.ts')

function packageOf(name: string): string {
  if (name.startsWith('node:')) return name
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}
