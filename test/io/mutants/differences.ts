import { type ChunkPart, FILE, footerOf, META, metaOf, PAGE, partsOf } from './anatomy.js'
import type { ColumnRead } from './outcome.js'
import { intOf, structOf, structsOf } from './struct.js'
import type { Struct } from './thrift.js'

/** What the two readers made of one column of a file, in detail. */
export interface Difference {
  file: Uint8Array
  position: number // of the column at the top of the schema
  basalt: ColumnRead
  duckdb: ColumnRead
}

interface Column {
  type: number | undefined // physical, as are all below by the format's numbers
  converted: number | undefined
  repetition: number | undefined
  logical: number | undefined // which member of the union
  length: number | undefined
  scale: number
  precision: number
}

interface Known {
  name: string
  reason: string
  holds: (difference: Difference, column: Column) => boolean
}

/** Differences that the format leaves open, each with the reason why Basalt is not wrong. */
const KNOWN: Known[] = [
  {
    name: 'ns of a stamp with a zone',
    reason: 'DuckDB has no such type: it holds whole microseconds',
    holds: each =>
      each.duckdb.tag === 'stamp' && pairs(each, (ours, theirs) => (BigInt(ours) / 1000n) * 1000n === BigInt(theirs)),
  },
  {
    name: 'integer beyond its annotation',
    reason: 'the format leaves values beyond INT_8, UINT_16 and the like undefined; DuckDB keeps the low bits',
    holds: each =>
      each.duckdb.tag === 'int' &&
      [8, 16, 32].some(bits => pairs(each, (ours, theirs) => lowBits(ours, bits) === lowBits(theirs, bits))),
  },
  {
    name: 'decimal beyond its precision',
    reason: 'the format leaves it undefined; DuckDB keeps as many bits as the precision needs',
    holds: (each, { converted, precision, scale }) =>
      converted === 5 && pairs(each, ours => Math.abs(Number(ours)) >= 10 ** (precision - scale)),
  },
  {
    name: 'levels said to be bit-packed',
    reason: 'Basalt reads the deprecated form that the header states, DuckDB takes every level for RLE',
    holds: each => pagesOf(each).some(header => intOf(structOf(header, PAGE.data) ?? header, 3) === 4),
  },
  {
    name: 'a column that states no repetition',
    reason: 'the format asks for it; without, DuckDB takes the column for required and Basalt for optional',
    holds: (_, { repetition }) => repetition === undefined,
  },
  {
    name: 'a dictionary behind the first page',
    reason: 'the format puts it in front; DuckDB starts at the dictionary, Basalt at what comes first',
    holds: each => metasOf(each).some(meta => (intOf(meta, META.dictionary) ?? 0) > intOf(meta, META.data)!),
  },
  {
    name: 'annotations that do not fit',
    reason: 'the old annotation, the new one and the physical type contradict each other: the format says nothing',
    holds: (_, column) => !coherent(column),
  },
  {
    name: 'the new annotation alone',
    reason: 'the format lets writers leave out the old one; DuckDB takes a DECIMAL or DATE from that only',
    holds: ({ basalt, duckdb }, { logical, converted }) =>
      logical !== undefined && converted === undefined && basalt.tag !== duckdb.tag,
  },
]

/** Returns the name of the known difference that this one is, or undefined. */
export function differenceKnown(difference: Difference): string | undefined {
  const element = elementOf(difference)
  if (!element) return undefined
  const column = {
    type: intOf(element, 1),
    converted: intOf(element, 6),
    repetition: intOf(element, 3),
    logical: structOf(element, 10)?.fields[0]?.id,
    length: intOf(element, 2),
    scale: intOf(element, 7) ?? 0,
    precision: intOf(element, 8) ?? 0,
  }
  return KNOWN.find(({ holds }) => holds(difference, column))?.name
}

/** Tells whether the rows of both agree, nulls with nulls and values by `agree`. */
function pairs({ basalt, duckdb }: Difference, agree: (ours: string, theirs: string) => boolean): boolean {
  const [ours, theirs] = [basalt.values!, duckdb.values!]
  if (basalt.tag !== duckdb.tag || ours.length !== theirs.length) return false
  return ours.every(
    (value, i) => value === theirs[i] || (value !== 'null' && theirs[i] !== 'null' && agree(value, theirs[i])),
  )
}

const lowBits = (value: string, bits: number) => BigInt.asUintN(bits, BigInt(value))

function pagesOf({ file, position }: Difference): Struct[] {
  const chunks: ChunkPart[] = partsOf(file)?.chunks ?? []
  return chunks.filter(({ column }) => column === position).flatMap(({ pages }) => pages.map(({ header }) => header))
}

function metasOf({ file, position }: Difference): Struct[] {
  const footer = footerOf(file)
  const groups = structsOf(footer, FILE.rowGroups).map((_, group) => metaOf(footer, { group, column: position }))
  return groups.filter(meta => meta !== undefined)
}

/** The physical types that each annotation may stand on, and the old annotations that go with a new one. */
const LOGICAL: Record<number, { on: number[]; old: number[] }> = {
  1: { on: [6], old: [0] }, // STRING
  4: { on: [6], old: [4] }, // ENUM
  5: { on: [1, 2, 6, 7], old: [5] }, // DECIMAL
  6: { on: [1], old: [6] }, // DATE
  7: { on: [1, 2], old: [7, 8] }, // TIME
  8: { on: [2], old: [9, 10] }, // TIMESTAMP
  10: { on: [1, 2], old: [11, 12, 13, 14, 15, 16, 17, 18] }, // INTEGER
  12: { on: [6], old: [19] }, // JSON
  13: { on: [6], old: [20] }, // BSON
  14: { on: [7], old: [] }, // UUID
  15: { on: [7], old: [] }, // FLOAT16
}
const CONVERTED: Record<number, number[]> = { 7: [1], 8: [2], 9: [2], 10: [2], 14: [2], 18: [2], 21: [7] }

function coherent(column: Column): boolean {
  const { type, converted, logical } = column
  if ((converted === 5 || logical === 5) && !decimal(column)) return false
  const facts = logical === undefined ? undefined : LOGICAL[logical]
  if (logical !== undefined && !facts?.on.includes(type!)) return false
  if (converted === undefined) return true
  if (facts) return facts.old.includes(converted)
  const implied = Object.values(LOGICAL).find(({ old }) => old.includes(converted))
  const on = CONVERTED[converted] ?? (converted >= 11 && converted <= 17 ? [1] : implied?.on)
  return on?.includes(type!) ?? false
}

/** Tells whether a DECIMAL's precision is one that its type can hold, and its scale one of that precision. */
function decimal({ type, length, scale, precision }: Column): boolean {
  const most = type === 1 ? 9 : type === 2 ? 18 : type === 7 ? Math.floor(Math.log10(2) * (8 * (length ?? 0) - 1)) : 38
  return precision >= 1 && precision <= Math.min(38, most) && scale >= 0 && scale <= precision
}

/** Returns the schema element of a column; undefined where the footer has none. */
function elementOf({ file, position }: Difference): Struct | undefined {
  try {
    const elements = structsOf(footerOf(file), FILE.schema)
    let at = 1
    const skip = (): void => {
      const children = intOf(elements[at++], 5) ?? 0
      for (let i = 0; i < children; i++) skip()
    }
    for (let i = 0; i < position; i++) skip()
    return elements[at]
  } catch {
    return undefined
  }
}
