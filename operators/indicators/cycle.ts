import { DEGREES, DominantCycle } from './hilbert.js'
import { indicator } from './indicator.js'
import { CyclePhase, CycleTrend } from './phase.js'

const SOURCE = 'Source: Ehlers, Rocket Science for Traders (2001)'
const SHORT = { lookback: 32, warmUp: 9 }
const LONG = { lookback: 63, warmUp: 34 }

interface Spec {
  name: string
  group?: string
  doc: string
  outputs?: readonly string[]
  wait: typeof SHORT
  /** Returns what is done at each row that the cycle has passed. */
  begin(x: Float64Array, out: readonly Float64Array[]): (cycle: DominantCycle) => void
}

function ofCycle({ name, group = 'Cycle Indicators', doc, outputs = ['outReal'], wait, begin }: Spec) {
  return indicator({
    name,
    group,
    doc: `${doc}. ${SOURCE}`,
    inputs: ['real'],
    options: [],
    outputs,
    lookback: () => wait.lookback,
    compute([x], _, out) {
      const cycle = new DominantCycle(x, 0, wait.warmUp)
      const write = begin(x, out)
      while (cycle.row < x.length - 1) {
        cycle.next()
        write(cycle)
      }
    },
  })
}

export const HT_DCPERIOD = ofCycle({
  name: 'HT_DCPERIOD',
  doc: 'rows of the dominant cycle, smoothed',
  wait: SHORT,
  begin:
    (_, [out]) =>
    ({ row, smoothPeriod }) => {
      out[row] = smoothPeriod
    },
})

export const HT_PHASOR = ofCycle({
  name: 'HT_PHASOR',
  doc: 'in-phase and quadrature component of the series, its trend taken out',
  outputs: ['outInPhase', 'outQuadrature'],
  wait: SHORT,
  begin:
    (_, out) =>
    ({ row, inPhase, quadrature }) => {
      out[0][row] = inPhase
      out[1][row] = quadrature
    },
})

export const HT_DCPHASE = ofCycle({
  name: 'HT_DCPHASE',
  doc: 'phase of the dominant cycle in degrees, -45 to 315',
  wait: LONG,
  begin(_, [out]) {
    const phase = new CyclePhase()
    return cycle => {
      phase.update(cycle)
      out[cycle.row] = phase.degrees
    }
  },
})

export const HT_SINE = ofCycle({
  name: 'HT_SINE',
  doc: 'sine of the phase of the dominant cycle, and of the phase 45 degrees ahead',
  outputs: ['outSine', 'outLeadSine'],
  wait: LONG,
  begin(_, [sine, lead]) {
    const phase = new CyclePhase()
    return cycle => {
      phase.update(cycle)
      sine[cycle.row] = Math.sin(phase.degrees / DEGREES)
      lead[cycle.row] = Math.sin((phase.degrees + 45) / DEGREES)
    }
  },
})

export const HT_TRENDLINE = ofCycle({
  name: 'HT_TRENDLINE',
  group: 'Overlap Studies',
  doc: 'mean over the dominant cycle, which takes the cycle out',
  wait: LONG,
  begin(x, [out]) {
    const trend = new CycleTrend()
    return cycle => {
      trend.update(x, cycle)
      out[cycle.row] = trend.value
    }
  },
})

export const HT_TRENDMODE = ofCycle({
  name: 'HT_TRENDMODE',
  doc: '1 in a trend, 0 in a cycle: after the sine waves cross, while the phase moves as it does in a cycle, and while the series stays within 1.5 % of its trend',
  outputs: ['outInteger'],
  wait: LONG,
  begin(x, [out]) {
    const phase = new CyclePhase()
    const trend = new CycleTrend()
    let sine = 0
    let lead = 0
    let rows = 0 // since the waves crossed
    return cycle => {
      const degreesBefore = phase.degrees
      const sineBefore = sine
      const leadBefore = lead
      phase.update(cycle)
      trend.update(x, cycle)
      sine = Math.sin(phase.degrees / DEGREES)
      lead = Math.sin((phase.degrees + 45) / DEGREES)
      const crossed = (sine > lead && sineBefore <= leadBefore) || (sine < lead && sineBefore >= leadBefore)
      rows = crossed ? 1 : rows + 1
      const move = phase.degrees - degreesBefore
      const whole = 360 / cycle.smoothPeriod
      const inCycle = crossed || rows < 0.5 * cycle.smoothPeriod || (move > 0.67 * whole && move < 1.5 * whole)
      const away = trend.value !== 0 && Math.abs((cycle.smooth - trend.value) / trend.value) >= 0.015
      out[cycle.row] = away || !inCycle ? 1 : 0
    }
  },
})
