import type { z } from 'zod'
import type { Path } from './path.js'

/** The parts of a zod definition that walking a schema needs. */
interface Definition {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  out?: z.ZodType
  getter?: () => z.ZodType
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  valueType?: z.ZodType
  options?: z.ZodType[]
  items?: z.ZodType[]
}

/** Returns a schema's definition. */
export function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition
}

/** Takes off what only decorates a schema: optional, default, nullable, transforms. */
export function bare(schema: z.ZodType): z.ZodType {
  const { type, innerType, in: input, out, getter } = definitionOf(schema)
  if (innerType) return bare(innerType)
  if (getter) return bare(getter())
  if (type === 'pipe' && input && out) return bare(definitionOf(input).type === 'transform' ? out : input)
  return schema
}

/** Lists the alternatives of a union, unions of unions flattened; any other schema is its only alternative. */
export function alternatives(schema: z.ZodType): z.ZodType[] {
  const inner = bare(schema)
  const { options } = definitionOf(inner)
  return options ? options.flatMap(alternatives) : [inner]
}

/** Lists the schemas that a path may reach. */
export function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  let reached = alternatives(schema)
  for (const step of path) reached = reached.flatMap(each => childrenAt(each, step)).flatMap(alternatives)
  return reached
}

function childrenAt(schema: z.ZodType, step: string | number): z.ZodType[] {
  const { type, shape, element, valueType, items } = definitionOf(schema)
  if (type === 'object') return shape?.[String(step)] ? [shape[String(step)]] : []
  if (type === 'array' && element) return [element]
  if (type === 'record' && valueType) return [valueType]
  return type === 'tuple' && items?.[Number(step)] ? [items[Number(step)]] : []
}

/** Lists the keys that maps at a path may have. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  return schemasAt(schema, path).flatMap(each => Object.keys(definitionOf(each).shape ?? {}))
}
