import { basalt } from '../../lib/basalt.js'

// Runs a config that it is given, and says how much memory the process took at most, and how many slices passes had.
const slices: Record<string, number> = {}
const { passes } = await basalt(JSON.parse(process.argv[2])).run({
  onEvent: event => {
    if (event.kind === 'progress') slices[event.pass] = (slices[event.pass] ?? 0) + 1
  },
})
for (const { failed } of passes) for (const { error } of failed) throw error
console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, rows: passes.at(-1)?.rowsOut, slices }))
