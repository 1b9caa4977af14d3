import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '@duckdb/node-api'

/** What a data set of order messages is made of. Equal values give equal rows. */
export interface MessageData {
  rows: number // about so many messages
  seed: number
  listings: number
}

export interface MadeMessages extends MessageData {
  root: string
  messages: number
}

const CACHE = join(import.meta.dirname, '../../bench/.cache')
const SHAPE = 1 // raise it when the rows change: cached files of another shape are then made anew

/** Returns the folder of a data set, made or not. */
export function messageFolder({ rows, seed, listings }: MessageData): string {
  return join(CACHE, ['messages', `v${SHAPE}`, rows, `seed${seed}`, listings, `duckdb${version()}`].join('-'))
}

/** Returns a day of order messages in layout hive, by listing and time, made once by DuckDB and kept. */
export function messageData(data: MessageData): MadeMessages {
  const root = messageFolder(data)
  const manifest = join(root, 'manifest.json')
  if (!existsSync(manifest)) {
    const { rows, listings } = data
    console.error(`Making ${rows.toLocaleString('en')} messages of ${listings} listings (once; kept in bench/.cache) …`)
    execFileSync(process.execPath, [join(import.meta.dirname, 'message-process.js'), JSON.stringify(data)])
  }
  return { ...data, root, ...JSON.parse(readFileSync(manifest, 'utf8')) }
}
