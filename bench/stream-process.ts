import { writeSync } from 'node:fs'
import { usage } from './process.js'

// The command line itself, which adds to file descriptor 3 what its process took.
process.on('exit', () => writeSync(3, JSON.stringify(usage())))
await import('../lib/cli/main.js')
