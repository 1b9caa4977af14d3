import * as z from 'zod'
import { isBound } from '../lib/core/index.js'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const bound = z.union([
  z.number(),
  z.string().refine(isBound, {
    error: issue => `'${issue.input}' is no number; bounds are compared with numbers`,
  }),
])
const choice = z.union([scalar, z.array(scalar)])

/** What a column must meet: a value, one of several, or a range. */
export const condition = z
  .union([
    scalar,
    z.array(scalar),
    z
      .strictObject({
        min: bound.optional().describe('at least'),
        max: bound.optional().describe('at most'),
        min_exclusive: bound.optional().describe('above'),
        max_exclusive: bound.optional().describe('below'),
        not: choice.optional().describe('none of these'),
        is_null: z.boolean().optional().describe('true: no value, false: any value'),
      })
      .refine(
        range => Object.keys(range).length > 0,
        'a condition without a bound selects nothing; give min, max, not or is_null',
      ),
  ])
  .describe('a value, a list of values, or {min, max, min_exclusive, max_exclusive, not, is_null}')

/** Conditions by column; a row must meet all of them. */
export const filterMap = z.record(z.string(), condition)

export type Condition = z.output<typeof condition>
export type FilterMap = z.output<typeof filterMap>
