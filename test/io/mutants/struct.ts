import type { Struct, Thrift } from './thrift.js'

/** Returns a field's value by id, or undefined. */
export function fieldOf(struct: Struct, id: number): Thrift | undefined {
  return struct.fields.find(field => field.id === id)?.value
}

/** Returns an integer field, or undefined. */
export function intOf(struct: Struct, id: number): number | undefined {
  const value = fieldOf(struct, id)
  return typeof value === 'bigint' ? Number(value) : undefined
}

/** Returns a struct field, or undefined. */
export function structOf(struct: Struct, id: number): Struct | undefined {
  const value = fieldOf(struct, id)
  return value && typeof value === 'object' && 'kind' in value && value.kind === 'struct' ? value : undefined
}

/** Returns the structs of a list field; none where it is absent. */
export function structsOf(struct: Struct, id: number): Struct[] {
  const value = fieldOf(struct, id)
  if (!value || typeof value !== 'object' || !('kind' in value) || value.kind !== 'list') return []
  return value.items.filter(
    (item): item is Struct => typeof item === 'object' && 'kind' in item && item.kind === 'struct',
  )
}

/** Sets a field, adding it in its place by id where it is absent. */
export function setField(struct: Struct, id: number, type: number, value: Thrift): void {
  const field = struct.fields.find(each => each.id === id)
  if (field) field.value = value
  else {
    struct.fields.push({ id, type, value })
    struct.fields.sort((a, b) => a.id - b.id)
  }
}

/** Removes fields. */
export function dropFields(struct: Struct, ...ids: number[]): void {
  struct.fields = struct.fields.filter(field => !ids.includes(field.id))
}

/** Copies a tree. */
export function copied<T extends Thrift>(value: T): T {
  if (typeof value !== 'object') return value
  if (value instanceof Uint8Array) return value.slice() as T
  if (value.kind === 'list') return { ...value, items: value.items.map(copied) }
  return { kind: 'struct', fields: value.fields.map(field => ({ ...field, value: copied(field.value) })) } as T
}
