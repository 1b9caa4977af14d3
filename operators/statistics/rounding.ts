/**
 * Dispersion of differences that is below this share of the greatest value is what rounding makes of none: each of the
 * two values is off by half a unit in its last place, which is 2^-52 of it at most.
 */
export const ROUNDING = 2 ** -51
