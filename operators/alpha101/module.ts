import * as z from 'zod'
import { gathered, type LaterOffer, laterModule, type Outline } from '../../lib/core/index.js'
import { sourceKey, statistic } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import { ALPHAS, nameOf, type Role } from './alphas.js'
import { type AlphaParameters, alphas, scaled } from './table.js'

const BLOCK = 'alpha101_analytics'

const IDS = ALPHAS.map(({ id }) => id)
const VWAP = 'TradeTotalVWAP'

const column = (name: string, what: string) => z.string().min(1).default(name).describe(what)

/** Alphas 1 to 10 and 101 of Kakushadze's 101, a row for every row of the source. */
export const alpha101 = laterModule({
  name: 'alpha101',
  doc: 'formulaic alphas 1 to 10 and 101 over the bars of an earlier pass',
  block: BLOCK,
  settings: {
    source_pass: z.string().nullable().default(null).describe('earlier pass to read; default the one before'),
    alpha_ids: z
      .array(z.literal(IDS, `no alpha of this version; allowed: ${IDS.join(', ')}`))
      .min(1)
      .default(IDS)
      .describe('alphas to compute'),
    window_multiplier: z.number().positive().default(1).describe('factor of all windows and lags, rounded to rows'),
    open_col: column('Open', 'opening price'),
    high_col: column('High', 'highest price'),
    low_col: column('Low', 'lowest price'),
    close_col: column('Close', 'closing price'),
    volume_col: column('TradeTotalVolume', 'quantity traded'),
    vwap_col: column(VWAP, 'volume-weighted price; notional over volume where there is none'),
    notional_col: column('TradeTotalNotional', 'value traded, in place of vwap_col'),
  },
  sources: config => [{ field: 'source_pass', name: config.source_pass }],
  outline,
  async run([input], parameters: AlphaParameters) {
    return alphas(await gathered(input), parameters)
  },
})

function outline(offer: LaterOffer): Outline | null {
  const { config } = offer
  const columns = new SourceColumns(offer)
  const bars = columns.bars('source_pass')
  const chosen = IDS.filter(id => config.alpha_ids.includes(id)).map(id => ALPHAS[IDS.indexOf(id)])
  chosen.sort((a, b) => config.alpha_ids.indexOf(a.id) - config.alpha_ids.indexOf(b.id))
  const roles = new Set(chosen.flatMap(({ inputs }) => inputs))
  const byQuotient = roles.has('vwap') && !columns.has(config.vwap_col) && config.vwap_col === VWAP
  const notional = byQuotient ? notionalOf(offer, columns) : null
  if (byQuotient) roles.delete('vwap')
  if (notional) roles.add('volume')
  const named: Partial<Record<Role, string>> = {}
  for (const role of roles) named[role] = columns.number(`${role}_col`, config[`${role}_col`])?.name
  if (columns.refused > 0 || !bars) return null
  const { listing, time } = bars
  const inputs = (role: Role) => named[role] ?? [config.notional_col, config.volume_col]
  const parameters: AlphaParameters = {
    listing: { name: listing.name, type: listing.type },
    ids: chosen.map(({ id }) => id),
    multiplier: config.window_multiplier,
    columns: named,
    notional,
  }
  return {
    keys: ['ListingId', 'TimeBucket'],
    columns: [
      sourceKey(listing, 'by itself: key'),
      sourceKey(time, 'by itself: key'),
      ...chosen.map(alpha =>
        statistic({
          name: nameOf(alpha),
          unit: alpha.unit,
          doc:
            `alpha ${alpha.id} of Kakushadze's 101 formulaic alphas; rank is the percentile rank among listings of a ` +
            'TimeBucket, numbers after a function are its window in rows',
          formula: alpha.formula(scaled(config.window_multiplier)),
          nullRule: 'null until the windows are full without a null, and where a denominator or a variance is zero',
          inputs: [...new Set(alpha.inputs.flatMap(inputs))],
          from: `${BLOCK}.alpha_ids`,
        }),
      ),
    ],
    reads: [[...new Set(['ListingId', 'TimeBucket', ...Object.values(named), ...(notional ? [notional] : [])])]],
    rule: columns.source.rule,
    holdsRows: true,
    parameters,
  }
}

/** Returns the column of which VWAP is made where the source has none. */
function notionalOf({ config }: LaterOffer, columns: SourceColumns): string | null {
  const { notional_col: notional, volume_col: volume } = config
  if (columns.has(notional) && columns.has(volume)) return columns.number('notional_col', notional)?.name ?? null
  columns.refuse(
    'vwap_col',
    `${columns.source.name} has no column '${VWAP}', nor '${notional}' and '${volume}' of which to make it`,
    'name them, or leave alpha 5 out',
  )
  return null
}
