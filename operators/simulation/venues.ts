import { BasaltError, nearest } from '../../lib/core/index.js'

/** A market of the simulation. Times are wall times of `zone`. */
export interface Venue {
  mic: string
  operatingMic: string
  country: string // ISO 3166, prefix of the ISIN
  zone: string // IANA
  currency: string // of its primary listings
  preOpen: string
  openingCall: string
  open: string
  intradayCall?: [start: string, end: string]
  close: string
  closingUncross: string
  postTradeEnd: string
  segments: readonly string[]
}

const EURONEXT = {
  currency: 'EUR',
  preOpen: '07:15',
  openingCall: '08:45',
  open: '09:00',
  close: '17:30',
  closingUncross: '17:35',
  postTradeEnd: '17:40',
  segments: ['BLUE_A', 'BLUE_B', 'MID_C'],
}

const VENUES: readonly Venue[] = [
  {
    mic: 'XLON',
    operatingMic: 'XLON',
    country: 'GB',
    zone: 'Europe/London',
    currency: 'GBX',
    preOpen: '05:05',
    openingCall: '07:50',
    open: '08:00',
    intradayCall: ['12:00', '12:02'],
    close: '16:30',
    closingUncross: '16:35',
    postTradeEnd: '16:40',
    segments: ['SET0', 'SET1', 'STMM'],
  },
  { ...EURONEXT, mic: 'XPAR', operatingMic: 'XPAR', country: 'FR', zone: 'Europe/Paris' },
  { ...EURONEXT, mic: 'XAMS', operatingMic: 'XAMS', country: 'NL', zone: 'Europe/Amsterdam' },
  { ...EURONEXT, mic: 'XBRU', operatingMic: 'XBRU', country: 'BE', zone: 'Europe/Brussels' },
  { ...EURONEXT, mic: 'XMIL', operatingMic: 'XMIL', country: 'IT', zone: 'Europe/Rome' },
  { ...EURONEXT, mic: 'XMAD', operatingMic: 'BMEX', country: 'ES', zone: 'Europe/Madrid' },
  {
    ...EURONEXT,
    mic: 'XETR',
    operatingMic: 'XETR',
    country: 'DE',
    zone: 'Europe/Berlin',
    openingCall: '08:50',
    intradayCall: ['13:00', '13:02'],
    segments: ['DAX1', 'MDX1', 'SDX1'],
  },
  { ...EURONEXT, mic: 'XSWX', operatingMic: 'XSWX', country: 'CH', zone: 'Europe/Zurich', currency: 'CHF' },
]

/** Returns the market of a MIC; a MIC that the simulation does not know is a config fault. */
export function venueOf(mic: string): Venue {
  const venue = VENUES.find(candidate => candidate.mic === mic)
  if (venue) return venue
  const known = VENUES.map(candidate => candidate.mic)
  const near = nearest(mic, known)
  const hint = near ? `; did you mean '${near}'?` : `; known are ${known.join(', ')}`
  throw new BasaltError('config', `the simulation has no market '${mic}'${hint}`)
}

/** Fixed rates: EUR and USD per unit of a currency, and the minor unit over its major one. */
export const RATES: Readonly<Record<string, { eur: number; usd: number; minor: number }>> = {
  EUR: { eur: 1, usd: 1.18, minor: 1 },
  GBP: { eur: 1.15, usd: 1.357, minor: 1 },
  GBX: { eur: 0.0115, usd: 0.01357, minor: 0.01 },
  CHF: { eur: 1.07, usd: 1.2626, minor: 1 },
}
