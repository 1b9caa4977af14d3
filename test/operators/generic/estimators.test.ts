import t from 'tap'
import {
  abdiRanaldo,
  amihud,
  corwinSchultz,
  ESTIMATORS,
  varianceRatio,
  venueHhi,
} from '../../../operators/generic/estimators.js'
import { close } from '../statistics/frames.js'

const N = Number.NaN
const of = (...values: number[]) => Float64Array.of(...values)

// i = np.arange(40); C = 100+((7919*i)%101)/20.; H = C+((i*3)%5+1)/10.; L = C-((i*5)%7+1)/10.; V = 1e6+((i*31)%17)*1e5
const i40 = Float64Array.from({ length: 40 }, (_, i) => i)
const C = i40.map(i => 100 + ((7919 * i) % 101) / 20)
const H = C.map((c, i) => c + (((i * 3) % 5) + 1) / 10)
const L = C.map((c, i) => c - (((i * 5) % 7) + 1) / 10)
const V = i40.map(i => 1e6 + ((i * 31) % 17) * 1e5)

/** Puts a row of nulls before every row. */
const holed = (x: Float64Array) => Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 ? x[i >> 1] : N))

t.test('Amihud', async t => {
  // r = C[1:]/C[:-1]-1; np.mean(np.abs(r)/V[1:]*1e6)
  t.ok(close(amihud(C, V), 0.014066242889112988, 14))
  t.equal(amihud(of(100, 110, 99), of(N, 1e6, 2e6)), (0.10000000000000009 + 0.09999999999999998 / 2) / 2)
  t.equal(amihud(holed(C), holed(V)), amihud(C, V), 'a null row does not end a return')
  t.equal(amihud(of(100, 110, 121), of(1, 0, 1e6)), amihud(of(110, 121), of(1, 1e6)), 'no value traded, no term')
  t.same([amihud(of(100), of(1)), amihud(of(), of()), amihud(of(0, 5), of(1, 1))], [N, N, N])
})

t.test('Corwin and Schultz', async t => {
  // s over t: h, l = H[t+1], L[t+1], moved by l-C[t] if l > C[t], by C[t]-h if h < C[t];
  // b = np.log(H[t]/L[t])**2+np.log(h/l)**2; g = np.log(max(H[t],h)/min(L[t],l))**2; k = 3-2*2**.5
  // a = (np.sqrt(2*b)-np.sqrt(b))/k-np.sqrt(g/k); max(0, 2*(np.exp(a)-1)/(1+np.exp(a))); 21 of 39 are positive
  t.ok(close(corwinSchultz(H, L, C), 0.0009798179725098585, 14))
  t.equal(corwinSchultz(holed(H), holed(L), holed(C)), corwinSchultz(H, L, C))
  // Bid 99 and ask 101 hit in both rows, and a mid that does not move: 2·tanh(ln(101/99)/2) = 2/100.
  t.ok(close(corwinSchultz(of(101, 101), of(99, 99), of(100, 100)), 0.02, 14))
  // The second range is moved to 99.5 … 101.5, and to 98.5 … 100.5.
  t.ok(close(corwinSchultz(of(101, 109), of(99, 107), of(99.5, 108)), 0.007908892526591878, 14), 'a gap up')
  t.ok(close(corwinSchultz(of(101, 90.5), of(99, 88.5), of(100.5, 90)), 0.0079485334033943, 14), 'a gap down')
  t.equal(corwinSchultz(of(100, 120), of(100, 120), of(100, 120)), 0, 'no range, no spread')
  t.same([corwinSchultz(of(1), of(1), of(1)), corwinSchultz(of(2, 2), of(0, 0), of(1, 1))], [N, N])
})

t.test('Abdi and Ranaldo', async t => {
  // e = (np.log(H)+np.log(L))/2; c = np.log(C); np.mean(np.sqrt(np.maximum(0, 4*(c[:-1]-e[:-1])*(c[:-1]-e[1:]))))
  t.ok(close(abdiRanaldo(H, L, C), 0.004977631917836733, 14))
  t.equal(abdiRanaldo(holed(H), holed(L), holed(C)), abdiRanaldo(H, L, C))
  // A close at the ask of a mid that does not move, half a spread of ln(101/100) above it.
  t.ok(close(abdiRanaldo(of(102.01, 102.01), of(100, 100), of(102.01, 100)), 2 * Math.log(1.01), 12))
  t.equal(abdiRanaldo(of(101, 104), of(99, 102), of(100.5, 103)), 0, 'a negative product is 0')
  t.same(abdiRanaldo(of(1), of(1), of(1)), N)
})

t.test('variance ratio', async t => {
  // x = np.log(C); np.var(x[q:]-x[:-q], ddof=1)/(q*np.var(np.diff(x), ddof=1))
  for (const [q, expected] of [
    [2, 0.351570173059824],
    [5, 0.0235020435524975],
    [10, 0.0137286156600849],
  ]) {
    t.ok(close(varianceRatio(C, q), expected, 13), `${q}`)
    t.equal(varianceRatio(holed(C), q), varianceRatio(C, q))
  }
  t.same([varianceRatio(of(1, 2, 3), 2), varianceRatio(of(4, 4, 4, 4, 4), 2), varianceRatio(of(), 2)], [N, N, N])
  const doubling = Float64Array.from({ length: 30 }, (_, i) => 3 * 2 ** i)
  t.same(varianceRatio(doubling, 3), N, 'steady growth')
  t.equal(varianceRatio(of(1, 2, 1, 2, 1, 2), 2), 0, 'a price that goes to and fro')
  t.equal(varianceRatio(of(1, 2, 0, -1, 4, 4), 2), varianceRatio(of(1, 2, 4, 4), 2))
})

t.test('concentration on venues', async t => {
  t.equal(venueHhi(of(30, 20, 50), of(0, 1, 0)), 0.8 ** 2 + 0.2 ** 2)
  t.equal(venueHhi(of(30, 20), of(3, 3)), 1)
  t.equal(venueHhi(of(1, N, 1, 7), of(0, 1, 2, N)), 0.5, 'rows without volume or listing')
  t.same([venueHhi(of(0, 0), of(0, 1)), venueHhi(of(), of()), venueHhi(of(N), of(0))], [N, N, N])
})

t.test('the table gives each function its columns and parameters', async t => {
  const [volume, listing] = [of(30, 20, 50), of(0, 1, 0)]
  const inputs: Record<string, Float64Array> = { high: H, low: L, close: C, notional: V }
  const direct: Record<string, number> = {
    Amihud: amihud(C, V),
    CorwinSchultz: corwinSchultz(H, L, C),
    AbdiRanaldo: abdiRanaldo(H, L, C),
    VarianceRatio: varianceRatio(C, 2),
    VenueHhi: venueHhi(volume, listing),
  }
  t.same(
    ESTIMATORS.map(({ variant }) => variant),
    Object.keys(direct),
  )
  for (const estimator of ESTIMATORS) {
    const { variant } = estimator
    const roles = variant === 'VenueHhi' ? { volume, listing } : inputs
    const parameters = Object.fromEntries(
      Object.entries(estimator.parameters).map(([name, schema]) => [name, schema.parse(undefined) as number]),
    )
    const columns = estimator.inputs.map(({ role }) => (roles as Record<string, Float64Array>)[role])
    t.equal(estimator.value(columns, parameters), direct[variant], variant)
    t.match(estimator.name.replace('{q}', '2'), /^[A-Z][A-Za-z0-9]*$/)
    t.ok(
      [estimator.doc, estimator.formula, estimator.source, estimator.unit, estimator.nullRule].every(
        text => text.length > 0,
      ),
    )
  }
  t.throws(() => ESTIMATORS[3].parameters.q.parse(1))
})
