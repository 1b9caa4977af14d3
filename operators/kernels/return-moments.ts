/** Moments of the log returns between consecutive rows of a bucket. */
export interface ReturnMoments {
  n: number
  mean: number
  m2: number
}

/** Adds a log return to moments, by Welford's update. A price that is not positive has no returns. */
export function addReturn(moments: ReturnMoments, before: number, price: number): void {
  if (!(price > 0 && before > 0)) return
  const value = Math.log(price / before)
  const delta = value - moments.mean
  moments.n++
  moments.mean += delta / moments.n
  moments.m2 += delta * delta * ((moments.n - 1) / moments.n)
}

/** Annualises: sd(r)·√(K·n/B), null below two returns. */
export function annualised({ n, m2 }: ReturnMoments, annualisationSeconds: number, bucketSeconds: number): number {
  return n < 2 ? Number.NaN : Math.sqrt(m2 / (n - 1)) * Math.sqrt((annualisationSeconds / bucketSeconds) * n)
}
