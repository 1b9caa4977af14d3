import { add, div, type Expr, eq, expr, mul, type Offer, sub, when } from '../../lib/core/index.js'

interface Measure {
  /** Columns that it is made of. */
  needs: string[]
  unit: string
  formula: string
  of: () => Expr
}

const INDICATIVE = 'IndicativeUncrossingPrice'
const REFERENCE = 'ReferencePrice'
const PAIRED = 'PairedQuantity'
const LEFT = 'ImbalanceQuantity'

/** What one announcement tells, by the name of its column; null where it does not. */
export const MEASURES = {
  IndicativePrice: { needs: [INDICATIVE], unit: 'local currency', formula: INDICATIVE, of: () => expr(INDICATIVE) },
  ReferencePrice: { needs: [REFERENCE], unit: 'local currency', formula: REFERENCE, of: () => expr(REFERENCE) },
  PairedQuantity: { needs: [PAIRED], unit: 'shares', formula: PAIRED, of: () => expr(PAIRED) },
  ImbalanceQuantity: { needs: [LEFT], unit: 'shares', formula: LEFT, of: () => expr(LEFT) },
  SignedImbalance: {
    needs: ['ImbalanceSide', LEFT],
    unit: 'shares',
    formula: '+ImbalanceQuantity when buyers have more, - when sellers have, 0 when neither has',
    of: () => when(eq('ImbalanceSide', 1), LEFT, when(eq('ImbalanceSide', 2), sub(0, LEFT), mul(0, LEFT))),
  },
  ImbalanceShare: {
    needs: [PAIRED, LEFT],
    unit: 'share',
    formula: 'ImbalanceQuantity / (PairedQuantity + ImbalanceQuantity)',
    of: () => div(LEFT, add(PAIRED, LEFT)),
  },
  IndicativeDislocation: {
    needs: [INDICATIVE, REFERENCE],
    unit: 'bps',
    formula: '10⁴(IndicativeUncrossingPrice - ReferencePrice)/ReferencePrice',
    of: () => div(mul(10_000, sub(INDICATIVE, REFERENCE)), REFERENCE),
  },
} satisfies Record<string, Measure>

export type MeasureName = keyof typeof MEASURES
export const MEASURE_NAMES = Object.keys(MEASURES) as [MeasureName, ...MeasureName[]]

/** Lists the measures that the columns at hand allow. */
export const measuresOf = ({ has }: Offer): MeasureName[] =>
  MEASURE_NAMES.filter(name => MEASURES[name].needs.every(column => has(column)))
