import t from 'tap'
import type { OutputColumn, Source } from '../../../lib/core/index.js'
import { rolesOf } from '../../../operators/reaggregate/plan-columns.js'
import { roleOf } from '../../../operators/reaggregate/roles.js'
import type { ReaggregateConfig } from '../../../operators/reaggregate/settings.js'

const column = (name: string, type: OutputColumn['type'], merge: string, unit = ''): OutputColumn => ({
  name,
  type,
  unit,
  doc: '',
  formula: '',
  merge,
  nullRule: '',
  hindsight: false,
  inputs: [],
  from: '',
})

t.test('the role of a column of a pass goes by its merge code and type, not by its name', async t => {
  const roles: [OutputColumn, string][] = [
    [column('TradeTotalVolume', 'f64', 'S'), 'additive'],
    [column('TradeTotalCount', 'i64', 'S'), 'additive'],
    [column('TradeTotalVolume', 'f64', '–'), 'average'], // a mean of volumes, made by another pass
    [column('TradeTotalVWAP', 'f64', 'R'), 'average'],
    [column('High', 'f64', 'N'), 'average'],
    [column('LargestTrade', 'i64', 'N'), 'average'],
    [column('MarketState', 'str', 'O'), 'last'],
    [column('IsOpen', 'bool', 'O'), 'last'],
    [column('LastTrade', 'ts', 'N'), 'last'],
    [column('InstrumentId', 'i64', '–', 'identity'), 'last'],
    [column('PrimaryId', 'i64', '–'), 'last'],
    [column('Paid', 'i64', '–'), 'average'],
  ]
  for (const [each, role] of roles) t.equal(roleOf(each, false), role, `${each.name} ${each.merge}`)
})

t.test('that of a column of a table by the words of its name', async t => {
  const additive = ['Volume', 'BidVolume', 'NumTrades', 'tradeCount', 'TradeNotionalEUR', 'ASK_QUANTITY', 'OTCVolume']
  const average = [
    'Close',
    'AvgVolume',
    'VolumeRatio',
    'VWAP',
    'VolumeWeightedPrice',
    'VolumeShare',
    'Account',
    'Counted',
  ]
  for (const name of additive) t.equal(roleOf(column(name, 'f64', '–'), true), 'additive', name)
  for (const name of average) t.equal(roleOf(column(name, 'f64', '–'), true), 'average', name)
})

t.test('keys of members, and columns that tell events apart, are none of their groups', async t => {
  const config = { group_by: ['IndexId', 'TimeBucket', 'Indicator'], join_column: 'ListingId' } as ReaggregateConfig
  const names = ['Date', 'ListingId', 'TimeBucket', 'EventType', 'Indicator', 'MetricX', 'MetricY', 'EventAnchorTime']
  const columns = [...names, 'EventContextIndex', 'MIC', 'Close'].map(name => column(name, 'str', '–'))
  const source: Source = { name: 'events', columns, keys: ['Date', 'ListingId', 'TimeBucket'], rule: null, state: {} }
  const listed = (by: string[]) => rolesOf({ ...config, group_by: by }, source).map(each => each.column.name)
  t.same(listed(['IndexId', 'TimeBucket', 'Indicator']), ['MIC', 'Close'])
  t.same(listed(['IndexId']), ['MIC', 'Close'])
  t.same(rolesOf(config, { ...source, keys: [] }).length, 2, 'of a table as well')
})
