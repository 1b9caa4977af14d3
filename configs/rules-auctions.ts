import type { Registry } from '../lib/core/index.js'
import type { Finding } from './finding.js'
import { type LooseMap, modulesOf, passesOf } from './loose.js'
import type { Path } from './path.js'
import { isDense } from './rules-dense.js'

/** Timelines whose rows are no buckets that an auction could be taken out of, and why. */
const WITHOUT: Record<string, string> = {
  dense: 'a grid has a row for each bucket, and auctions are as long as they are',
  sparse_original: 'timeline_mode sparse_original has a row for each event time, and no buckets',
  event: 'timeline_mode event has a row for each event, and no buckets',
}

/** Checks that auctions are asked for where they can be kept apart. */
export function auctionRules(config: LooseMap, registry: Registry): Finding[] {
  return passesOf(config).flatMap(({ index, pass }): Finding[] => {
    if (pass.auction_buckets !== true) return []
    const path: Path = ['PASSES', index, 'auction_buckets']
    const modules = modulesOf(pass)
    const later = modules.filter(name => registry.laterModules.has(name))
    if (later.length > 0) {
      const problem = `${later.join(', ')} reads rows of an earlier pass, which are in buckets already`
      return [{ path, problem, hint: 'set it in the pass that reads the table' }]
    }
    const mode = isDense(pass) ? 'dense' : String(pass.timeline_mode)
    const without = Object.hasOwn(WITHOUT, mode) ? WITHOUT[mode] : undefined
    if (without === undefined) return []
    return [{ path, problem: without, hint: 'use sparse_digitised or daily_analytics, or leave it out' }]
  })
}
