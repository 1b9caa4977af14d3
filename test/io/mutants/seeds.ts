import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Random } from '../../../operators/simulation/random.js'
import { sharedData } from '../shared.js'
import { type Parts, partsOf } from './anatomy.js'
import { writeOwn } from './own-seeds.js'

/** A healthy file that mutants are made of. */
export interface Seed {
  number: number
  name: string
  bytes: Uint8Array
  parts: Parts | undefined
}

/** Files that are made here; those of the shared data get the numbers behind them. */
export const OWN_SEEDS = 200
const SINK_SEEDS = 24
const MAX_SHARED_BYTES = 65_536

/** Brotli is rare because a decoder in JavaScript takes ten times as long for it. */
const CODECS = [
  'snappy',
  'uncompressed',
  'zstd',
  'snappy',
  'gzip',
  'zstd',
  'lz4_raw',
  'uncompressed',
  'snappy',
  'brotli',
]

/** One expression a flat type, over the row number `i` and a hash `h` of it. */
const COLUMNS = [
  'h % 2 = 0',
  '(h % 200 - 100)::TINYINT',
  '(h % 60000 - 30000)::SMALLINT',
  '(h % 4000000000 - 2000000000)::INTEGER',
  'h * 2000000000 - 4000000000000000000',
  '(h % 250)::UTINYINT',
  '(h % 65000)::USMALLINT',
  'h::UINTEGER',
  'h::UBIGINT * 1000',
  '(h / 7)::FLOAT',
  "CASE WHEN h % 11 = 0 THEN 'nan'::DOUBLE ELSE h / 7 END",
  'round(100 + (h % 1000) / 100, 2)::DOUBLE',
  '(h % 90000)::DECIMAL(9, 4)',
  '(h / 100)::DECIMAL(18, 3)',
  '(h / 100)::DECIMAL(30, 10)',
  "DATE '1990-01-01' + (h % 20000)::INT",
  "TIMESTAMP_S '2026-02-03 08:00:00' + to_seconds((h % 100000)::INT)",
  "(TIMESTAMP '2026-02-03 08:00:00' + to_milliseconds(h % 100000000))::TIMESTAMP_MS",
  "TIMESTAMP '2026-02-03 08:00:00' + to_microseconds(i * 1000 + h % 1000)",
  'make_timestamp_ns(1770000000000000000 + i * 1000000 + h % 1000)',
  "(TIMESTAMP '2026-02-03 08:00:00' + to_microseconds(h))::TIMESTAMPTZ",
  "'word ' || (h % 20)",
  "'id-' || i || '-' || h",
  "repeat('é', (h % 9)::INT)",
  "('b' || h)::BLOB",
  'i',
  'i // 10',
  '42',
]

/** Makes the seeds in a folder, the same bytes for the same versions of DuckDB and Basalt, and reads the shared ones. */
export async function seedsIn(folder: string): Promise<Seed[]> {
  mkdirSync(folder, { recursive: true })
  const paths = await copied(folder)
  for (let k = 0; k < SINK_SEEDS; k++) paths.push(await writeOwn(folder, k))
  const own = paths.map(path => ({ name: path.slice(folder.length + 1), bytes: readFileSync(path) }))
  return [...own, ...shared()].map(({ name, bytes }, number) => ({ number, name, bytes, parts: partsOf(bytes) }))
}

async function copied(folder: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run("SET TimeZone='UTC'")
  const paths: string[] = []
  for (let k = 0; k < OWN_SEEDS - SINK_SEEDS; k++) {
    const path = join(folder, `duckdb-${String(k).padStart(3, '0')}.parquet`)
    await connection.run(copyOf(k, path))
    paths.push(path)
  }
  connection.closeSync()
  instance.closeSync()
  return paths
}

/** Walks codecs, versions, dictionaries and null rates so that each meets each; types and sizes are drawn. */
function copyOf(k: number, path: string): string {
  const random = new Random(0x5eed, k)
  const rows = k % 80 === 7 ? 3000 : 50 + random.below(150)
  const columns = Array.from({ length: k % 16 === 9 ? 6 : 1 + random.below(4) }, (_, c) => {
    const value = COLUMNS[(k + c * (1 + random.below(COLUMNS.length - 1))) % COLUMNS.length]
    const nulls = [0, 30, 0, 30, 100][random.below(5)]
    return `${nulls > 0 ? `CASE WHEN (h // 13) % 100 >= ${nulls} THEN ${value} END` : value} AS c${c}`
  })
  const options = [
    `COMPRESSION ${CODECS[k % CODECS.length]}`,
    `PARQUET_VERSION V${1 + (Math.floor(k / 10) % 2)}`,
    ...(Math.floor(k / 20) % 2 ? ['DICTIONARY_SIZE_LIMIT 1'] : []),
    ...(k % 80 === 7 ? ['ROW_GROUP_SIZE 2048'] : []),
  ]
  const source = `(SELECT range AS i, (hash(range + ${k}) % 4000000000)::BIGINT AS h FROM range(${rows}))`
  return `COPY (SELECT ${columns.join(', ')} FROM ${source} ORDER BY i) TO '${path}' (FORMAT parquet, ${options.join(', ')})`
}

function shared(): { name: string; bytes: Uint8Array }[] {
  const folders = [['hyparquet'], ['apache-parquet-testing', 'valid'], ['apache-parquet-testing', 'bad']]
  return folders.flatMap(parts => {
    const folder = sharedData('parquet', ...parts)
    if (!folder) return []
    const names = readdirSync(folder).filter(name => name.endsWith('.parquet'))
    return names
      .sort()
      .filter(name => statSync(join(folder, name)).size <= MAX_SHARED_BYTES)
      .map(name => ({ name, bytes: readFileSync(join(folder, name)) }))
  })
}
