import { readFileSync, writeFileSync } from 'node:fs'
import { assembled, CHUNK, FILE, footerOf, GROUP, laidOut, partsOf } from '../io/mutants/anatomy.js'
import { dropFields, structOf, structsOf } from '../io/mutants/struct.js'

const STATISTICS = 12

/** Copies a Parquet file without what it says of its values: statistics and page indexes. Pages stay as they are. */
export function writeStripped(from: string, to: string): void {
  const parts = partsOf(readFileSync(from))
  if (!parts) throw new Error(`${from} cannot be taken apart`)
  for (const group of structsOf(parts.footer, FILE.rowGroups)) {
    for (const chunk of structsOf(group, GROUP.columns)) {
      const meta = structOf(chunk, CHUNK.meta)
      if (meta) dropFields(meta, STATISTICS)
    }
  }
  const bytes = assembled(laidOut(parts), parts.footer)
  footerOf(bytes)
  writeFileSync(to, bytes)
}
