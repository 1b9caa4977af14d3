// TA-Lib takes what rounding leaves of nothing for nothing; the width is part of its results.
const WIDTH = 1e-14

/** Tells whether a number is zero but for rounding. */
export const isZero = (x: number): boolean => x > -WIDTH && x < WIDTH

/** Tells whether a number is below zero, or zero but for rounding. */
export const isZeroOrLess = (x: number): boolean => x < WIDTH
