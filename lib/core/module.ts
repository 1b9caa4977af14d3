import type { Expr } from './expr.js'
import type { Parameters } from './kernel.js'
import type { EntryParameters, Metric, Offer } from './metric.js'
import type { TableSettings } from './table.js'

/** A schema that checks one block of a config. Zod schemas satisfy it; the engine only ever needs to parse. */
export interface BlockSchema {
  parse(value: unknown): unknown
}

export type Fields = Record<string, BlockSchema>

/** Schemas that belong to no module. */
export interface SharedSchemas {
  /** Conditions by column. */
  filterMap: BlockSchema
}

/**
 * A metric family: one list of entries in a module's block. Each entry expands over its list-valued fields; one of
 * them (`pick`) names metrics, so the metrics that a registry holds are what the field accepts.
 */
export interface Family {
  kind: 'family'
  module: string
  name: string
  doc: string
  /** Place in the order of declaration. */
  declared: number
  /** List-valued fields in expansion order (outermost first) and the parameter each value is known by. */
  axes: { field: string; parameter: string }[]
  /** The field whose values name metrics. */
  pick: string
  /** Returns zod fields of an entry, given the names that `pick` accepts. */
  fields(choices: string[]): Record<string, BlockSchema>
  /** Entries are the names themselves, `items: [A, B]`: `fields` has the list of them alone, and null is all defaults. */
  bare?: boolean
  /** Which combinations of its fields belong to it, where other modules of its block, if they are in the pass, make others. */
  makes?(parameters: EntryParameters, modules: readonly string[]): boolean
  /** An entry that runs on any table of the module, for generated examples. */
  example: Record<string, unknown>
}

let declared = 0

/** Declares a metric family. */
export const family = (definition: Omit<Family, 'kind' | 'declared'>): Family => ({
  kind: 'family',
  declared: declared++,
  ...definition,
})

export interface Module {
  kind: 'module'
  name: string
  doc: string
  /** No config names it: other passes ask for its rows. */
  internal?: true
  /** The table whose rows it folds. */
  table: string
  /** The table that its settings choose instead, one that is registered; see `tableRead`. */
  // biome-ignore lint/suspicious/noExplicitAny: may be called before the module's schema has checked it.
  tableOf?(config: any): string
  /** The PassConfig key that holds its configuration. */
  block: string
  /** Zod fields of the block beside its families; a function when they use schemas that all modules share. */
  settings: Fields | ((shared: SharedSchemas) => Fields)
  /** What its settings say of how rows are read, for all modules of the pass over its table. */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  reading?(config: any, pass: Record<string, any>): Partial<TableSettings>
  /** Entries in force when the block asks for nothing. */
  defaults(offer: Offer): { family: string; entry: Record<string, unknown> }[]
  /** Rows that make a bucket exist: those of the base filter, and of the classes of requested own-class metrics. */
  rows(offer: Offer, ownClasses: Expr[]): Expr
  /** Rows that a metric folds: eligibility, base or class filter, side. Entry filters come on top. */
  where(metric: Metric, parameters: EntryParameters, offer: Offer): Expr
  /** Rows that are left out of everything, with the name under which the run report counts them. */
  /** `needs` limits an entry to passes whose folds use these columns. */
  excluded(offer: Offer): { name: string; where: Expr; needs?: string[] }[]
  /** Rows that the run report counts as a share of others: `where` among `among`. `needs` as in `excluded`. */
  shares?(offer: Offer): { name: string; where: Expr; among: Expr; needs?: string[] }[]
  /** What makes its rows, where they are not one a bucket; see `sequenceModule`. */
  sequence?: ModuleSequence
  /**
   * Further results that later passes may read, by the internal module that makes each; the first name is that of the result,
   * others are taken for it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  sideOutputs?(config: any): { names: string[]; module: string }[]
  /** Blocks of other modules that its settings bring into force. */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  alsoReads?(config: any): string[]
  /** Modules that its settings add to the pass. */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  adds?(config: any): string[]
  /** Things that a plan should say: a default that is off, for want of a column. */
  notes?(offer: Offer): string[]
  /** Text columns that must hold one value for a listing and date, where the columns they guard are used. */
  single?(offer: Offer): { column: string; needs: string[]; where: Expr; problem: string }[]
  /** Conditions that no row may meet, by metric use: mixed units, unlisted flag values. */
  refused?(offer: Offer): { needs: string[]; where: Expr; problem: string; fields: string[] }[]
}

/** Declares a module. */
export const module = (definition: Omit<Module, 'kind'>): Module => ({ kind: 'module', ...definition })

/** Returns the table that a module reads with the settings of a pass. */
export const tableRead = ({ table, tableOf, block }: Module, pass: Record<string, unknown>): string =>
  tableOf?.(pass[block] ?? {}) ?? table

/** How a module asks for the rows that a sequence kernel makes. */
export interface ModuleSequence {
  /** Name of the sequence kernel. */
  kernel: string
  /** What the kernel is given of each row that counts, in the order of its inputs. */
  inputs(offer: Offer): Expr[]
  parameters(offer: Offer): Parameters
  /** Tells whether its rows are labelled by the buckets of the pass, with these settings. */
  // biome-ignore lint/suspicious/noExplicitAny: is called before the module's schema has checked it.
  inBuckets?(config: any): boolean
}

/**
 * Declares a module whose rows a sequence kernel makes of each listing's day: it has no buckets and no metrics, and a
 * pass of its own. `rows` are the rows that the kernel is given.
 */
export const sequenceModule = (
  definition: Omit<Module, 'kind' | 'defaults' | 'where' | 'sequence'> & { sequence: ModuleSequence },
): Module => module({ ...definition, defaults: () => [], where: (_, __, offer) => definition.rows(offer, []) })
