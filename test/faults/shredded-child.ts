import { basalt } from 'basalt'

// A program that runs a config in hardly any memory: what it may add is less than the command needs at least.
const { passes } = await basalt(JSON.parse(process.argv[2])).run()
const failed = passes.flatMap(pass => pass.failed)
for (const { error } of failed) console.error(`${error.fault}: ${error.message}`)
process.exitCode = failed.length > 0 ? 3 : 0
