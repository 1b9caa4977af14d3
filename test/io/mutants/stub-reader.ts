import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { read as basalt } from './basalt-reader.js'
import { ColumnDigest, type Outcome, wasRead } from './outcome.js'

/** What is wrong with the reader: `import('./stub-reader.js?bug=loop')`. */
const bug = new URL(import.meta.url).searchParams.get('bug') as keyof typeof planted

const planted = {
  value(outcome: Outcome): void {
    const column = outcome.columns.find(each => wasRead(each) && each.rows > 0)
    if (!column || !wasRead(column)) return
    column.hash = 'another'
    if (column.values) column.values[0] = '7'
  },
  swallowed(outcome: Outcome): void {
    outcome.columns = outcome.columns.map(column =>
      column && !wasRead(column) ? new ColumnDigest('int', true).outcome() : column,
    )
  },
  bare(outcome: Outcome): void {
    outcome.refusal = { refused: "Cannot read properties of undefined (reading 'length')", fault: 'none', named: false }
  },
  nameless(outcome: Outcome): void {
    outcome.refusal = { refused: 'a page fails its checksum', fault: 'data', named: false }
  },
  loop(): void {
    for (;;);
  },
  crash(): void {
    process.exit(7)
  },
  memory(): void {
    Buffer.alloc(160 * 2 ** 20, 1)
  },
} as const

/** Reads as Basalt does, but for one file of eight, always the same ones, in which it has the bug. */
export async function read(path: string, wanted?: readonly number[], detail = false): Promise<Outcome> {
  const outcome = await basalt(path, wanted, detail)
  if (crc32(readFileSync(path)) % 8 === 0) planted[bug](outcome)
  return outcome
}
