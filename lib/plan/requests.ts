import {
  and,
  type EntryParameters,
  IDENTITY_COLUMNS,
  type Module,
  type Offer,
  type Problem,
  type Registry,
  SESSION,
  statesExpr,
} from '../core/index.js'
import { expandEntry, type MetricRequest } from './expand.js'

/** A metric that a pass computes: who asks, and what its module and tables offer. */
export interface Requested extends MetricRequest {
  module: Module
  offer: Offer
}

/** Returns the metrics that a module's block asks for, in the order in which the config names them, or its defaults. */
export function requestsOf(
  registry: Registry,
  module: Module,
  offer: Offer,
  path: string,
  problems: Problem[],
): Requested[] {
  const written = Object.keys(offer.config)
  const states = statesExpr(offer.config.market_states)
  const families = registry.familiesOf(module.name).sort((a, b) => written.indexOf(a.name) - written.indexOf(b.name))
  const expand = (name: string, entry: Record<string, unknown>, at: string): Requested[] => {
    const family = families.find(each => each.name === name)
    if (!family) return []
    const isOwn = (parameters: EntryParameters) => family.makes?.(parameters, offer.modules) ?? true
    const refuse = (problem: string) => void problems.push({ severity: 'error', path: at, problem })
    const requests = expandEntry(registry, family, entry, at, offer.config.metric_prefix ?? '', isOwn, refuse)
    return requests.map(request => ({ ...request, where: and(states, request.where), module, offer }))
  }
  const configured = families.flatMap(({ name, bare, pick }) =>
    ((offer.config[name] ?? []) as unknown[]).flatMap((each, i) => {
      const entry = bare ? { [pick]: [each] } : (each as Record<string, unknown>)
      return expand(name, entry, `${path}.${module.block}.${name}[${i}]`)
    }),
  )
  // Entries may all be of another module of the block: its own defaults are for none.
  if (families.some(({ name }) => ((offer.config[name] ?? []) as unknown[]).length > 0)) return configured
  return module.defaults(offer).flatMap(({ family, entry }) => expand(family, entry, `${module.name} (default)`))
}

/** Names that a pass gives to columns of its own. */
const RESERVED = ['Date', 'ListingId', 'TimeBucket', ...IDENTITY_COLUMNS]
const OF_AUCTIONS = [SESSION.name, SESSION.start, SESSION.end]

/** Names must be unique, and should be PascalCase. `apart`: auctions have buckets of their own, which columns tell. */
export function checkNames(requests: readonly Requested[], problems: Problem[], apart: boolean): void {
  const reserved = [...RESERVED, ...(apart ? OF_AUCTIONS : [])]
  const seen = new Map<string, { path: string }>(reserved.map(name => [name, { path: 'Basalt itself' }]))
  for (const request of requests) {
    checkPattern(request, problems)
    const twin = seen.get(request.name)
    if (!twin) seen.set(request.name, request)
    else {
      problems.push({
        severity: 'error',
        path: request.path,
        problem: `output column '${request.name}' is made twice, here and by ${twin.path}`,
        hint: 'set output_name_pattern in one of them',
      })
    }
  }
}

/** A pattern's own placeholders were checked with the config; what it makes of them is only known here. */
function checkPattern({ parameters, name, path }: Requested, problems: Problem[]): void {
  if (!parameters.output_name_pattern || /^[A-Z][A-Za-z0-9]*$/.test(name)) return
  problems.push({ severity: 'warning', path: `${path}.output_name_pattern`, problem: `'${name}' is not PascalCase` })
}
