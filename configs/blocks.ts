import * as z from 'zod'
import type { BlockSchema, Module, Registry } from '../lib/core/index.js'
import { field } from './field.js'
import { condition, type FilterMap, filterMap } from './filters.js'

/** Configuration of a module in a pass: its own settings and, by family, the metrics asked for. */
export interface ModuleBlock {
  ENABLED: boolean
  metric_prefix: string | null
  [key: string]: unknown
}

/** What every metric entry accepts beside the fields of its family. */
export interface MetricEntry {
  output_name_pattern: string | null
  market_states: FilterMap[string] | null
  attribute_filters: FilterMap
  [key: string]: unknown
}

/** Makes the schema of every module block that a registry knows, by PassConfig key. */
export function blockSchemas(registry: Registry): Record<string, z.ZodType> {
  const shapes = new Map<string, { doc: string[]; shape: Record<string, z.ZodType> }>()
  for (const module of registry.allModules()) {
    const block = shapes.get(module.block) ?? { doc: [], shape: {} }
    block.doc.push(module.doc)
    // Several modules may share a block; a setting of the first one stands.
    const settings = typeof module.settings === 'function' ? module.settings({ filterMap }) : module.settings
    const states = module.kind === 'module' && hasStates(module, registry)
    block.shape = { ...(states && { market_states: marketStates }), ...zodOf(settings), ...block.shape }
    for (const family of registry.familiesOf(module.name)) {
      const fields = zodOf(family.fields(picksOf(registry, module.block, family.name)))
      block.shape[family.name] = family.bare
        ? fields[family.pick].nullable().default(null).describe(family.doc)
        : z.array(entrySchema(fields)).default([]).describe(family.doc)
    }
    shapes.set(module.block, block)
  }
  return Object.fromEntries(
    [...shapes].map(([key, { doc, shape }]) => [
      key,
      field('Core', doc.join('; '), z.strictObject({ ...BLOCK_FIELDS, ...shape }).optional()),
    ]),
  )
}

/** Tells whether rows of a module's metrics can be told by market state. Modules without metrics say themselves how. */
const hasStates = ({ table, sequence }: Module, registry: Registry): boolean =>
  !sequence && registry.tables.get(table)?.columns.some(({ name }) => name === 'MarketState') === true

const marketStates = condition
  .nullable()
  .default(null)
  .describe('metrics take rows in these market states only, as if each entry said so; null: all')

/** Lists what a family of a block offers: modules that share the block may each have a part of it. */
function picksOf(registry: Registry, block: string, family: string): string[] {
  const owners = registry.allModules().filter(module => module.block === block)
  return [...new Set(owners.flatMap(({ name }) => registry.picksOf(name, family)))]
}

const BLOCK_FIELDS = {
  ENABLED: z.boolean().default(true).describe('false takes the module out of the pass'),
  metric_prefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a prefix is letters and digits')
    .nullable()
    .default(null)
    .describe('put before every column of the module but its keys'),
}

function entrySchema(fields: Record<string, z.ZodType>): z.ZodType {
  return z.strictObject({
    ...fields,
    output_name_pattern: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('name of the columns, with the fields of the entry as {placeholders}'),
    market_states: condition.nullable().default(null).describe('rows in these market states only'),
    attribute_filters: filterMap.default({}).describe('rows that meet these conditions only'),
  })
}

/** Operators declare their fields with zod; core knows only that a schema parses. */
function zodOf(fields: Record<string, BlockSchema>): Record<string, z.ZodType> {
  return fields as Record<string, z.ZodType>
}
