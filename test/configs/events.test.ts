import t from 'tap'
import { readConfig, validateConfig } from '../../configs/index.js'
import { Registry } from '../../lib/core/index.js'
import * as pack from '../../operators/index.js'
import { GOOD } from './support.js'

const registry = new Registry().add(pack, 'built-in')

async function loaded(pass: object, strict = false) {
  const object = { ...GOOD, PASSES: [...GOOD.PASSES, { name: 'around', ...pass }] }
  return validateConfig(await readConfig([{ object }]), registry, { strict })
}

const problems = (pass: object): Promise<string[]> =>
  loaded(pass).then(
    () => [],
    error => error.report.map((line: string) => line.replace('config: PASSES[1].', '')),
  )

t.test('module external_events means timeline_mode event, and the other way round', async t => {
  const { config, warnings } = await loaded({ modules: ['external_events'] })
  t.match(config.PASSES[1], { timeline_mode: 'event', external_event_analytics: { source_pass: null } })
  t.same(warnings, [])
  t.same((await loaded({ modules: ['external_events'], timeline_mode: 'event' })).warnings, [])
  t.match(await problems({ modules: ['trade'], timeline_mode: 'event' }), [
    /timeline_mode: timeline_mode event needs module external_events; name it in modules, and the pass of the events/,
  ])
  for (const timeline_mode of ['sparse_digitised', 'sparse_original', 'dense', 'daily_analytics']) {
    t.match(await problems({ modules: ['external_events'], timeline_mode, dense_analytics: undefined }), [
      `timeline_mode: '${timeline_mode}' does not go with module external_events, whose rows are those of the events; leave it out, or write event`,
    ])
  }
  const off = { modules: ['trade', 'external_events'], external_event_analytics: { ENABLED: false } }
  t.match((await loaded({ ...off, timeline_mode: 'dense' })).config.PASSES[1], { timeline_mode: 'dense' })
  t.match(await problems({ ...off, timeline_mode: 'event' }), [
    /needs module external_events, which ENABLED: false takes/,
  ])
})

t.test('settings out of range are refused, all at once', async t => {
  const external_event_analytics = {
    radius_seconds: -1,
    directions: 'sideways',
    extra_observations: 1.5,
    scale_factor: 0.5,
    tolerance_seconds: 1e-10,
    symbol: 'ListingId',
  }
  const lines = await problems({ modules: ['external_events'], external_event_analytics })
  t.equal(lines.length, 6, lines.join('\n'))
  for (const key of Object.keys(external_event_analytics))
    t.ok(
      lines.some(line => line.includes(`.${key}: `)),
      key,
    )
})

t.test('older names are read as those of today, with a warning each', async t => {
  const older = async (block: object, key = 'external_event_analytics') => {
    const { config, warnings } = await loaded({ modules: ['events'], [key]: block })
    t.match(config.PASSES[1].modules, ['external_events'])
    return { block: config.PASSES[1].external_event_analytics as Record<string, unknown>, warnings }
  }
  const both = await older(
    { context_before: 2, context_after: 3, context_horizon_seconds: 10, context_distribution: 'geometric' },
    'event_analytics',
  )
  t.match(both.block, { radius_seconds: 10, extra_observations: 3, directions: 'both', scale_factor: 2 })
  t.same(
    both.warnings.map(line => line.replace(/^warning: config: PASSES\[1\]\./, '')),
    [
      'event_analytics.context_horizon_seconds: is read as radius_seconds: 10; write radius_seconds',
      'event_analytics.context_before: is read as extra_observations: 3; write extra_observations',
      'event_analytics.context_after: is read as extra_observations: 3; write extra_observations',
      'event_analytics.context_distribution: is read as scale_factor: 2; write scale_factor',
      "modules[0]: 'events' is read as 'external_events'; write external_events",
      "event_analytics: is read as 'external_event_analytics'; write external_event_analytics",
    ],
  )
  t.match((await older({ context_before: 2, horizon: 1 })).block, { directions: 'backward', extra_observations: 2 })
  t.match((await older({ context_before: 0, context_after: 4 })).block, {
    directions: 'forward',
    extra_observations: 4,
  })
  t.match((await older({ geometric_base: 3 })).block, { scale_factor: 1 })
  const geometric = { context_distribution: 'geometric', geometric_base: 0.5 }
  t.match((await older(geometric)).block, { scale_factor: 1 })
  const beside = await older({ context_before: 2, extra_observations: 5, directions: 'both' })
  t.match(beside.block, { extra_observations: 5, directions: 'both' })
  t.match(beside.warnings.join(), 'context_before: has no effect beside extra_observations; remove it')
  t.match(await problems({ modules: ['events'], external_event_analytics: { context_before: 'x' } }), [
    /extra_observations: /,
  ])
})
