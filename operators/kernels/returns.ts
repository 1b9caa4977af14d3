import { type Cells, type SeriesKernel, seriesKernel } from '../../lib/core/index.js'
import { addReturn, annualised, type ReturnMoments } from './return-moments.js'

function momentsOf(price: Float64Array, cells: Cells, cell: number): ReturnMoments {
  const moments = { n: 0, mean: 0, m2: 0 }
  for (let i = cells.from[cell] + 1; i < cells.to[cell]; i++) addReturn(moments, price[i - 1], price[i])
  return moments
}

/**
 * Annualises the deviation of log returns between consecutive rows of a bucket: their sample deviation times the root
 * of how many such returns a year would hold at the bucket's pace. A price that is not positive has no returns.
 */
export const tradeVolatility = seriesKernel({
  name: 'trade_volatility',
  span: true,
  scope: 'cell',
  doc: 'sd(r)·√(K·n/B) of the n log returns between consecutive rows of a bucket; null below two returns',
  inputs: ['price'],
  evaluate({ columns: [price] }, cells, out, { annualisation_seconds }) {
    for (let cell = 0; cell < cells.count; cell++) {
      const seconds = (cells.end[cell] - cells.start[cell]) / 1e9
      out[cell] = annualised(momentsOf(price, cells, cell), Number(annualisation_seconds), seconds)
    }
  },
})

/** Makes one of the moments of a bucket's returns: what volatilities merge by. */
const moment = (name: string, part: keyof ReturnMoments, doc: string): SeriesKernel =>
  seriesKernel({
    name,
    scope: 'cell',
    doc,
    inputs: ['price'],
    evaluate({ columns: [price] }, cells, out) {
      for (let cell = 0; cell < cells.count; cell++) out[cell] = momentsOf(price, cells, cell)[part]
    },
  })

export const returnCount = moment('return_count', 'n', 'number of log returns between consecutive rows of a bucket')
export const returnMean = moment(
  'return_mean',
  'mean',
  'mean log return between consecutive rows of a bucket; 0 of none',
)
export const returnM2 = moment(
  'return_m2',
  'm2',
  'squared deviations of the log returns of a bucket from their mean, summed',
)
