import type { z } from 'zod'
import { alternatives, definitionOf } from './shape.js'

/**
 * Makes a list of every scalar that stands where the schema expects a list, and returns the value. Modules declare plain
 * arrays and need not know this rule.
 */
export function withLists(schema: z.ZodType, value: unknown): unknown {
  const options = alternatives(schema)
  if (options.length === 1) return inOption(options[0], value)
  const fitting = options.filter(option => fits(option, value))
  // A scalar that some alternative takes as it is stays a scalar.
  if (fitting.length === 0) {
    const list = options.find(option => definitionOf(option).type === 'array')
    return list && isScalar(value) && !options.some(takesScalars) ? inOption(list, value) : value
  }
  const made = fitting.map(option => ({ option, value: inOption(option, value) }))
  return (made.find(each => each.option.safeParse(each.value).success) ?? made[0]).value
}

function inOption(schema: z.ZodType, value: unknown): unknown {
  const { type, element, shape, valueType, items } = definitionOf(schema)
  if (type === 'array' && element) {
    if (isScalar(value)) return [value]
    return Array.isArray(value) ? value.map(item => withLists(element, item)) : value
  }
  if (type === 'tuple' && items && Array.isArray(value)) {
    return value.map((item, i) => (items[i] ? withLists(items[i], item) : item))
  }
  if (!isMap(value)) return value
  if (type === 'object' && shape)
    return mapped(value, (key, child) => (shape[key] ? withLists(shape[key], child) : child))
  return type === 'record' && valueType ? mapped(value, (_, child) => withLists(valueType, child)) : value
}

function mapped(
  value: Record<string, unknown>,
  change: (key: string, child: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(key, child)]))
}

/** Tells whether an alternative is of the value's kind: list, map or scalar. */
function fits(schema: z.ZodType, value: unknown): boolean {
  const { type } = definitionOf(schema)
  if (Array.isArray(value)) return type === 'array' || type === 'tuple'
  if (isMap(value)) return type === 'object' || type === 'record'
  return takesScalars(schema) && schema.safeParse(value).success
}

function takesScalars(schema: z.ZodType): boolean {
  return !['array', 'tuple', 'object', 'record'].includes(definitionOf(schema).type)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
