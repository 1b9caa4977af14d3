import '../support/plain-threads.js'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { basalt, type Pipeline } from '../../lib/basalt.js'
import { TableText } from '../../lib/cli/table.js'
import { encoderFor } from '../../lib/io/index.js'

/** How a run is carried out. None of it may show in its output. */
export interface Shape {
  workers?: number
  batch_rows?: number
  memory_budget?: string
  batching_strategy?: 'heuristic' | 'streaming'
  spill?: 'auto' | 'always'
}

/** Hashes of everything that a pass can leave as, by format, and how many units made it. */
export interface Output {
  hashes: Record<string, string>
  units: number
}

/** Runs a config in a shape and hashes its Parquet file and its stream in every format. */
export async function outputOf(config: Record<string, unknown>, shape: Shape = {}): Promise<Output> {
  const root = await mkdtemp(join(tmpdir(), 'basalt-laws-'))
  try {
    const pipeline = basalt({ ...config, EXECUTION: shape, OUTPUT_TARGET: { root } })
    const { contents, passes } = await written(pipeline)
    const streamed = await textsOf(pipeline)
    const hashes = Object.fromEntries(Object.entries(streamed).map(([format, text]) => [format, hashOf([text])]))
    return { hashes: { parquet: hashOf(contents), ...hashes }, units: passes[0].units }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** Runs a config and returns what its files hold, in the order in which they were written. */
export async function filesOf(
  config: Record<string, unknown>,
  shape: Shape,
  target: Record<string, unknown>,
): Promise<Buffer[]> {
  const root = await mkdtemp(join(tmpdir(), 'basalt-laws-'))
  try {
    return (await written(basalt({ ...config, EXECUTION: shape, OUTPUT_TARGET: { root, ...target } }))).contents
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function written(pipeline: Pipeline) {
  const { passes, files } = await pipeline.run()
  for (const { failed } of passes) for (const { error } of failed) throw error
  return { passes, contents: await Promise.all(files.map(({ path }) => readFile(path))) }
}

/** Returns a stream as it would be written in each format. */
export async function textsOf(pipeline: Pipeline, order: 'listing' | 'time' = 'listing', pass?: string) {
  const schema = await pipeline.schema(pass)
  const encoders = { arrow: encoderFor('arrow'), ndjson: encoderFor('ndjson'), csv: encoderFor('csv') }
  const names = Object.keys(encoders) as (keyof typeof encoders)[]
  const parts: Record<string, (string | Uint8Array)[]> = { table: [] }
  for (const name of names) parts[name] = [encoders[name].start(schema)]
  const table = new TableText()
  for await (const batch of pipeline.stream({ order, pass })) {
    for (const name of names) parts[name].push(encoders[name].batch(batch))
    parts.table.push(table.batch(batch))
  }
  for (const name of names) parts[name].push(encoders[name].end())
  return Object.fromEntries(
    Object.entries(parts).map(([name, pieces]) => [name, Buffer.concat(pieces.map(piece => Buffer.from(piece)))]),
  )
}

function hashOf(parts: Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
