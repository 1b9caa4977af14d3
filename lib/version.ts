import { readFileSync } from 'node:fs'
import { ownFile } from './own-file.js'

/** The version of this package, as package.json states it. */
export function version(): string {
  return JSON.parse(readFileSync(ownFile('package.json'), 'utf8')).version
}

/**
 * Names the code that runs: the version and a hash of the built files, which `lib/bundle/build.mjs` wrote. Results of
 * other code are computed anew, also where only the clone was updated and the version is the same.
 */
export function codeVersion(): string {
  const { hash } = JSON.parse(readFileSync(ownFile('dist/bundle/build.json'), 'utf8'))
  return `${version()}+${hash}`
}
