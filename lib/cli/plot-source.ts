import type { AnalyticsConfig } from '../../configs/index.js'
import { Pipeline } from '../basalt.js'
import { BasaltError, type Chunk, chunkOf, nearest, type RecordBatch } from '../core/index.js'
import { scan } from '../io/index.js'
import { isResult, openResult, RESULT_ENDINGS, type ResultColumn } from '../io/results/index.js'
import type { Anchor } from '../plot/index.js'
import { isRaw, loadConfig, type PreparedPass, type PrepareOptions } from '../prepare.js'
import { type ConfigFlags, overridesFrom } from './config-options.js'
import { textAt } from './plot-bars.js'
import { watch } from './progress.js'

/** A table that a chart is drawn from. */
export interface PlotSource {
  /** Names it in messages. */
  name: string
  /** The file that its rows are read from, where it is one of results. */
  file?: string
  columns: ResultColumn[]
  /** Which end of a bucket its label names, where that is known. */
  anchor?: Anchor
  chunks(names: readonly string[], listing: string): AsyncIterable<Chunk>
  /** Returns the ticker of every listing, '' where there is none. It may take as long as drawing. */
  listings(): Promise<Map<string, string>>
}

const CONFIG = /\.(ya?ml|json|[cm]?[jt]s)$/i

export type SourceFlags = ConfigFlags & { pass?: string }

/** Opens what `basalt plot` names: a file of results, or else a config, of which the pass is run for the listing alone. */
export function openSource(path: string, flags: SourceFlags, signal: AbortSignal): Promise<PlotSource> {
  if (CONFIG.test(path)) return passSource(path, flags, signal)
  if (!isResult(path))
    throw new BasaltError('config', `${path}: expected a config or a file of results: ${RESULT_ENDINGS.join(', ')}`)
  const given = [
    ...(flags.pass !== undefined ? ['--pass'] : []),
    ...(flags.dataRoot !== undefined ? ['--data-root'] : []),
    ...(flags.set.length > 0 ? ['--set'] : []),
  ]
  if (given.length > 0)
    throw new BasaltError('config', `${given.join(', ')}: ${path} is a file of results, not a config`)
  return fileSource(path)
}

async function fileSource(path: string): Promise<PlotSource> {
  const file = await openResult(path)
  if (!file.columns.some(({ name }) => name === 'ListingId'))
    throw new BasaltError('config', 'has no column ListingId: its rows are of no listing', { file: path })
  return {
    name: path,
    file: path,
    columns: file.columns,
    chunks: (names, listing) => file.chunks(names, listing),
    listings: () => listingsIn(file.chunks(['ListingId', 'Ticker'])),
  }
}

async function passSource(path: string, flags: SourceFlags, signal: AbortSignal): Promise<PlotSource> {
  const options = { date: flags.date, strict: flags.strict }
  const given = overridesFrom(flags)
  const { UNIVERSE, LOGGING_LEVEL } = (await loadConfig([path], { ...options, overrides: given })).loaded.config
  const pipeline = new Pipeline([path], { ...options, overrides: given })
  const columns = await pipeline.columns(flags.pass)
  const { passes, reference } = await pipeline.prepare()
  const pass = passes.find(({ plan }) => plan.name === flags.pass) ?? passes[passes.length - 1]
  const type = columns.find(({ name }) => name === 'ListingId')?.type
  if (!type)
    throw new BasaltError('config', `pass ${pass.plan.name} has no column ListingId: its rows are of no listing`)
  return {
    name: `pass ${pass.plan.name}`,
    columns,
    anchor: (pass.plan.kind === 'raw' ? pass.plan.aggregate.rule : pass.plan.rule)?.anchor,
    async *chunks(_names, listing) {
      // What is no number is no listing of numbers, and the terms of a universe end at their commas.
      if (type === 'i64' && !/^-?\d{1,18}$/.test(listing)) return
      // Rows of a later pass may depend on other listings than their own.
      const narrowed =
        /[,+]/.test(listing) || pass.plan.scope !== 'symbol'
          ? pipeline
          : new Pipeline([path], universeOf(UNIVERSE, listing, options, flags))
      const onEvent = watch({ level: LOGGING_LEVEL })
      for await (const batch of narrowed.stream({ pass: pass.plan.name, signal, onEvent })) yield chunkOf(batch)
    },
    async listings() {
      if (!reference && isRaw(pass)) return listingsIn(rowsOf(pass, signal))
      if (!reference) return listingsIn(chunksOf(pipeline.stream({ pass: pass.plan.name, signal })))
      const day = Number.MAX_SAFE_INTEGER
      const ticker = (row: number) => (row >= 0 && reference.has('Ticker') ? reference.text('Ticker', row) : null) ?? ''
      return new Map(reference.listings.map(each => [each, ticker(reference.find(each, day))]))
    },
  }
}

/** Adds a listing to the universe that the config and flags have: both must hold. */
function universeOf(
  universe: AnalyticsConfig['UNIVERSE'],
  listing: string,
  options: PrepareOptions,
  flags: SourceFlags,
): PrepareOptions {
  const value = [...[universe ?? []].flat(), `listing=${listing}`]
  const others = overridesFrom(flags).filter(({ path }) => path !== 'UNIVERSE')
  return { ...options, overrides: [...others, { path: 'UNIVERSE', value, flag: `--listing ${listing}` }] }
}

async function* chunksOf(batches: AsyncIterable<RecordBatch>): AsyncGenerator<Chunk> {
  for await (const batch of batches) yield chunkOf(batch)
}

/** Reads the listings of the files of a pass. */
async function* rowsOf({ plan, files }: PreparedPass, signal: AbortSignal): AsyncGenerator<Chunk> {
  const columns = plan.bindings.filter(({ name }) => name === 'ListingId' || name === 'Ticker')
  for (const file of files)
    for (let rowGroup = 0; rowGroup < file.rowGroups.length; rowGroup++)
      yield* scan({ file, rowGroup, columns, batchRows: 65_536 }, signal)
}

async function listingsIn(chunks: AsyncIterable<Chunk>): Promise<Map<string, string>> {
  const tickers = new Map<string, string>()
  for await (const chunk of chunks) {
    const listings = chunk.required('ListingId')
    let before: number | bigint | undefined
    for (let row = 0; row < chunk.rows; row++) {
      if (listings.values[row] === before) continue // results are by listing: few rows differ from the one before
      before = listings.values[row]
      const listing = textAt(listings, row)
      if (listing !== undefined && !tickers.has(listing))
        tickers.set(listing, textAt(chunk.column('Ticker'), row) ?? '')
    }
  }
  return tickers
}

/** Says that a listing has no rows, and which have. */
export function unknownListing(
  listing: string,
  { name }: PlotSource,
  tickers: ReadonlyMap<string, string>,
): BasaltError {
  const ids = [...tickers.keys()]
  const shown = (id: string) => [id, tickers.get(id)].filter(Boolean).join(' ')
  const same = ids.filter(id => tickers.get(id) === listing)
  const near = nearest(listing, ids)
  const first = `${ids.length.toLocaleString('en')} listings are there: ${ids.slice(0, 5).map(shown).join(', ')}${ids.length > 5 ? ', …' : ''}`
  const hint =
    ids.length === 0
      ? 'it has no rows at all'
      : same.length > 0
        ? `that is the ticker of listing ${same.join(', ')}`
        : near
          ? `did you mean ${shown(near)}? ${first}`
          : first
  return new BasaltError('config', `no rows of listing '${listing}' in ${name}; ${hint}`)
}
