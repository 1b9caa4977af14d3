import { BasaltError, nearest } from './error.js'
import type { Kernel, SeriesKernel } from './kernel.js'
import type { LaterModule } from './later.js'
import type { Metric } from './metric.js'
import type { Family, Module } from './module.js'
import type { Operator } from './operator.js'
import type { SequenceKernel } from './sequence.js'
import type { Table } from './table.js'

type Entry = Metric | Family | Module | LaterModule | Table | Operator | Kernel | SeriesKernel | SequenceKernel

/**
 * Everything that packs export, by kind and name. A pack is a module namespace: each exported value that `metric()`,
 * `family()`, `module()`, `table()`, `operator()` or `kernel()` made is registered by being exported. Two different
 * values of one kind and name are refused.
 */
export class Registry {
  readonly metrics = new Map<string, Metric>()
  readonly families = new Map<string, Family>()
  /** Modules that read a table. */
  readonly modules = new Map<string, Module>()
  /** Modules that read earlier passes. */
  readonly laterModules = new Map<string, LaterModule>()
  readonly tables = new Map<string, Table>()
  readonly operators = new Map<string, Operator>()
  readonly kernels = new Map<string, Kernel | SeriesKernel | SequenceKernel>()

  /** Registers what a pack exports. `source` names the pack in errors. */
  add(pack: Record<string, unknown>, source: string): this {
    for (const value of Object.values(pack)) if (isEntry(value)) this.place(value, source)
    return this
  }

  private place(entry: Entry, source: string): void {
    switch (entry.kind) {
      case 'metric':
        return put(this.metrics, entry.id, entry, source)
      case 'family':
        return put(this.families, `${entry.module}.${entry.name}`, entry, source)
      case 'module':
        refuseTwin(this.laterModules, entry.name, source)
        return put(this.modules, entry.name, entry, source)
      case 'later':
        refuseTwin(this.modules, entry.name, source)
        return put(this.laterModules, entry.name, entry, source)
      case 'table':
        return put(this.tables, entry.name, entry, source)
      case 'operator':
        return put(this.operators, entry.name, entry, source)
      default:
        return put(this.kernels, entry.name, entry, source)
    }
  }

  /** Lists the modules that a config may name, of either kind, those that read tables first. */
  allModules(): (Module | LaterModule)[] {
    return [...this.modules.values(), ...this.laterModules.values()].filter(({ internal }) => !internal)
  }

  /** Returns a module of either kind, or undefined. */
  anyModule(name: string): Module | LaterModule | undefined {
    return this.modules.get(name) ?? this.laterModules.get(name)
  }

  /** Returns the families of a module, in the order they were declared. */
  familiesOf(module: string): Family[] {
    return [...this.families.values()].filter(each => each.module === module).sort((a, b) => a.declared - b.declared)
  }

  /** Returns the metrics of a family; with `pick`, those that this value asks for. */
  metricsOf(module: string, family: string, pick?: string): Metric[] {
    return [...this.metrics.values()]
      .filter(each => each.module === module && each.family === family && (pick === undefined || each.pick === pick))
      .sort((a, b) => a.declared - b.declared)
  }

  /** Returns the values that a family's picking field accepts. */
  picksOf(module: string, family: string): string[] {
    return [...new Set(this.metricsOf(module, family).map(metric => metric.pick))]
  }

  /** Returns an entry, or throws a config fault that names the nearest known one. */
  get<K extends 'metrics' | 'modules' | 'laterModules' | 'tables' | 'operators' | 'kernels'>(
    kind: K,
    name: string,
  ): MapValue<Registry[K]> {
    const map = this[kind] as unknown as Map<string, MapValue<Registry[K]>>
    const found = map.get(name)
    if (found) return found
    const near = nearest(name, map.keys())
    throw new BasaltError('config', `no ${kind.slice(0, -1)} '${name}'${near ? `; did you mean '${near}'?` : ''}`)
  }
}

type MapValue<M> = M extends Map<string, infer V> ? V : never

const KINDS = new Set(['metric', 'family', 'module', 'later', 'table', 'operator', 'kernel', 'series', 'sequence'])

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && KINDS.has((value as { kind?: string }).kind ?? '')
}

/** A config names modules of both kinds alike. */
function refuseTwin(others: Map<string, unknown>, name: string, source: string): void {
  if (others.has(name))
    throw new BasaltError('config', `'${name}' is defined twice; rename the one in this pack`, { file: source })
}

function put<T>(map: Map<string, T>, name: string, value: T, source: string): void {
  const known = map.get(name)
  if (known !== undefined && known !== value) {
    throw new BasaltError('config', `'${name}' is defined twice; rename the one in this pack`, { file: source })
  }
  map.set(name, value)
}
