import type { Registry } from '../lib/core/index.js'
import type { Finding } from './finding.js'
import type { LooseMap } from './loose.js'
import { aliasRule } from './rules-alias.js'
import { auctionRules } from './rules-auctions.js'
import { checkRules } from './rules-checks.js'
import { dateRules } from './rules-dates.js'
import { denseRules } from './rules-dense.js'
import { eventRules } from './rules-events.js'
import { laterRules } from './rules-later.js'
import { outputRules } from './rules-outputs.js'
import { passRules } from './rules-passes.js'
import { sequenceRules } from './rules-sequences.js'
import { sideOutputRules } from './rules-side-outputs.js'
import { tableRules } from './rules-tables.js'

/** A rule over several keys. It sees the config as written and copes with parts that are wrong. */
export type Rule = (config: LooseMap, registry: Registry) => Finding[]

const RULES: readonly Rule[] = [
  aliasRule,
  dateRules,
  passRules,
  denseRules,
  auctionRules,
  eventRules,
  laterRules,
  sequenceRules,
  sideOutputRules,
  tableRules,
  outputRules,
  checkRules,
]

/** Runs every rule over several keys; a wrong key elsewhere does not keep a rule from running. */
export function ruleFindings(config: LooseMap, registry: Registry): Finding[] {
  return RULES.flatMap(rule => rule(config, registry))
}
