import * as z from 'zod'
import type { Registry } from '../lib/core/index.js'
import { configSchema } from './analytics.js'
import { ABSENCES, ABSENT_BLOCKS, DOCUMENTED_MODULES } from './availability.js'

/** A JSON Schema of draft 2020-12, as a plain object. */
export type JsonSchema = { [key: string]: unknown }

/** Makes the JSON Schema that editors use: what a user may write, with descriptions, sections and availability. */
export function jsonSchema(registry: Registry): JsonSchema {
  const schema = z.toJSONSchema(configSchema(registry), { io: 'input', unrepresentable: 'any' }) as JsonSchema
  for (const absence of ABSENCES) {
    const mark = absence.missing ? { unavailable_values: absence.missing } : { available: false }
    for (const place of placesOf([schema], absence.at.split('.'))) addMark(place, { ...mark, instead: absence.instead })
  }
  const owned = new Set(registry.allModules().map(module => module.block))
  for (const block of ABSENT_BLOCKS.filter(each => !owned.has(each))) {
    for (const place of placesOf([schema], ['PASSES[]', block])) addMark(place, { available: false })
  }
  const absentModules = DOCUMENTED_MODULES.filter(name => !registry.anyModule(name))
  for (const place of placesOf([schema], ['PASSES[]', 'modules[]']))
    addMark(place, { unavailable_values: absentModules })
  return scalarsForLists(schema) as JsonSchema
}

function addMark(place: JsonSchema, mark: JsonSchema): void {
  place['x-basalt'] = { ...(place['x-basalt'] as JsonSchema | undefined), ...mark }
}

/** Lists the parts of a schema that a path such as `PASSES[].output` reaches. */
function placesOf(schemas: JsonSchema[], steps: string[]): JsonSchema[] {
  if (steps.length === 0) return schemas
  const [step, ...rest] = steps
  const key = step.replace('[]', '')
  const children = schemas
    .flatMap(branchesOf)
    .map(schema => (schema.properties as Record<string, JsonSchema> | undefined)?.[key])
    .filter(child => child !== undefined)
  const reached = step.endsWith('[]')
    ? children.flatMap(branchesOf).map(list => list.items as JsonSchema | undefined)
    : children
  return placesOf(
    reached.filter(each => each !== undefined),
    rest,
  )
}

function branchesOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...((schema.anyOf as JsonSchema[] | undefined) ?? []).flatMap(branchesOf)]
}

/** Says of every list of scalars that one scalar may stand for it. */
function scalarsForLists(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(scalarsForLists)
  if (typeof part !== 'object' || part === null) return part
  const schema = Object.fromEntries(
    Object.entries(part).map(([key, child]) => [key, scalarsForLists(child)]),
  ) as JsonSchema
  const { type, items, minItems, maxItems, prefixItems, ...about } = schema
  if (type !== 'array' || prefixItems !== undefined || !isScalar(items)) return schema
  const list = { type, items, ...(minItems !== undefined && { minItems }), ...(maxItems !== undefined && { maxItems }) }
  return { ...about, anyOf: [items, list] }
}

function isScalar(items: unknown): boolean {
  const { type, enum: values, const: constant, anyOf } = (items ?? {}) as JsonSchema
  if (Array.isArray(anyOf)) return anyOf.every(isScalar)
  return (
    values !== undefined || constant !== undefined || ['string', 'number', 'integer', 'boolean'].includes(String(type))
  )
}
