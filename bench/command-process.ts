import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { usage } from './process.js'

// The command line itself, as users get it, which adds to file descriptor 3 what its process took.
const nothing = { version: process.version, runs: [], rows: null }
process.on('exit', () => writeSync(3, JSON.stringify({ ...nothing, ...usage() })))
await import(join(import.meta.dirname, '../bundle/cli.js'))
