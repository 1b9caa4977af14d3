import type { Expr } from './expr.js'
import type { StandingColumn, TakenColumn } from './standing.js'

/**
 * What a canonical column holds.
 * number: f64, or i64 when the file's column is an integer · flag: text, boolean or 0/1, read as text ·
 * code: a small integer reached through a table of codes (sides, actions) · key: i64 or text · time: ns stamps ·
 * date: a calendar date
 */
export type ValueKind = 'f64' | 'number' | 'i64' | 'str' | 'flag' | 'code' | 'key' | 'time' | 'date'

export interface TableColumn {
  name: string
  kind: ValueKind
  doc: string
  unit?: string
  /** Every file must have it; other columns are null where a file lacks them. */
  required?: boolean
  /** Scaled by the table's price_scale or size_scale. */
  scale?: 'price' | 'size'
  /** Source names tried, in order, when the config maps none and the file has no column of the canonical name. */
  aliases?: string[]
  /** code: codes by source text, and the config key that replaces them. */
  codes?: Record<string, number>
  codesKey?: 'side_codes' | 'action_codes'
  /** flag: the values that set it under encoding mmt; without them, every value but those of unset ones does. */
  mmt?: string[]
}

export interface Table {
  kind: 'table'
  name: string
  doc: string
  columns: TableColumn[]
  /** Time columns in order of preference; the first that is mapped becomes EventTime. */
  time: string[]
  /** Columns computed from others when the file does not bring them, given what it brings. */
  derived: Record<string, (has: (column: string) => boolean, settings: TableSettings) => Expr | undefined>
  /** Where columns come from that no file brings: from the quotes of another table, or from its own rows. */
  taken?: TakenFrom[]
  /** Derived even when the file has a column of that name (LocalPrice). */
  always?: string[]
  /** Folder and file prefix in layout bmll. */
  bmll: { folder: string; prefix: string }
}

/** Says which columns an internal module makes for rows of a table, and what each is of what that module makes. */
export type TakenFrom =
  | {
      by: 'time'
      module: string
      /** The table that the module reads. */
      table: string
      /** The value whose nulls say that nothing stands from there on. */
      known: string
      /** The value that tells since when, in ns after midnight. */
      since: string
      /** What stands does so however old it is, whatever the settings of the pass. */
      anyAge?: true
      column(name: string): Omit<StandingColumn, 'name'> | undefined
    }
  | {
      by: 'near'
      module: string
      table: string
      known: string
      values: string[]
      operator: string
      /** Parameters of the operator beside `from`, given what the settings of the pass say. Expressions in them are resolved. */
      parameters(settings: TableSettings): { inputs: Record<string, Expr>; settings: Record<string, unknown> }
      column(name: string): Omit<TakenColumn, 'name'> | undefined
    }
  | { by: 'row'; module: string; column(name: string): Omit<TakenColumn, 'name'> | undefined }

/** What the configuration of a table, and of the modules of a pass, says about how its rows are read. */
export interface TableSettings {
  mixedUnits: 'error' | 'exclude' | 'ignore'
  /** How the direction of trades is found whose aggressor is unknown; none where it is left out. */
  classify?: Classify
  /** ns after which a quote stands no longer for rows of another table; null or left out: until the next one. */
  tolerance?: number | null
  /** How trades are matched with executions of icebergs; null or left out: not at all. */
  icebergs?: Record<string, unknown> | null
}

export type Classify = 'none' | 'quote' | 'tick'

/** Declares a table: its canonical columns and how those missing are derived. */
export const table = (definition: Omit<Table, 'kind'>): Table => ({ kind: 'table', ...definition })

/** Columns that every table knows (semantics 1.1). */
export const KEY_COLUMNS: TableColumn[] = [
  { name: 'ListingId', kind: 'key', doc: 'one tradable entity on one venue', required: true },
  { name: 'InstrumentId', kind: 'key', doc: 'one fungible instrument, traded on one or more venues' },
  { name: 'MIC', kind: 'str', doc: 'market identifier code of the venue' },
  { name: 'Ticker', kind: 'str', doc: 'symbol' },
  { name: 'SequenceSource', kind: 'i64', doc: 'feed that numbers the rows', aliases: ['BMLLSequenceSource'] },
  {
    name: 'SequenceNo',
    kind: 'i64',
    doc: 'number of the row inside its feed; orders rows of equal time',
    aliases: ['BMLLSequenceNo', 'ExchangeSequenceNo'],
  },
]

/** Attributes of (Date, ListingId): shown in the output where they are known, never group keys of raw modules. */
export const IDENTITY_COLUMNS = ['InstrumentId', 'MIC', 'Ticker', 'CurrencyCode'] as const
