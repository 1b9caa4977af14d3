import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { usage } from './process.js'

// The command line itself, as users get it, which adds to file descriptor 3 what its process took.
process.on('exit', () => writeSync(3, JSON.stringify(usage())))
await import(join(import.meta.dirname, '../bundle/cli.js'))
