import type { Bars } from '../../lib/plot/index.js'

export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE
/** 2026-02-03 08:00 UTC. */
export const OPENING = Date.UTC(2026, 1, 3, 8)

/** Makes bars of a minute that rise and fall, from eight o'clock on; every fourth is down. */
export function walk(count: number, change: Partial<Bars> = {}): Bars {
  const column = (value: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => value(i))
  const middle = (i: number) => 100 + 5 * Math.sin(i / 40)
  const times = change.times ?? column(i => OPENING + (i + 1) * MINUTE)
  return {
    times,
    days: Int32Array.from(times, at => Math.floor((at - 1) / DAY)), // a label is the end of its bucket
    candles: { open: column(middle), high: column(i => middle(i) + 0.3), low: column(i => middle(i) - 0.3) },
    close: column(i => middle(i) + (i % 4 === 0 ? -0.1 : 0.1)),
    volume: column(i => 1000 + 10 * (i % 7)),
    lines: [],
    ...change,
  }
}

/** Counts elements of a class. */
export const count = (svg: string, name: string): number => svg.split(`class="${name}`).length - 1

/** Returns the texts of a chart by class. */
export const texts = (svg: string, name: string): string[] =>
  [...svg.matchAll(new RegExp(`<text [^>]*class="${name}"[^>]*>([^<]*)</text>`, 'g'))].map(([, text]) => text)
