import * as z from 'zod'
import type { LaterOffer } from '../../lib/core/index.js'
import type { SourceColumns } from '../statistics/source-columns.js'
import type { SoftOptions } from './soft.js'

/** Settings of method soft. */
export const softSettings = {
  soft_alpha: z
    .number()
    .positive()
    .default(1)
    .describe('soft: exponent of the products; large moves count more above 1'),
  soft_sign_only: z.boolean().default(false).describe('soft: compare signs only'),
  soft_recenter: z.boolean().default(false).describe('soft: take the mean off each series first'),
  soft_normalisation: z.enum(['l2', 'mean', 'max', 'none']).default('l2').describe('soft: norm that divides a series'),
  soft_multiresolution: z.array(z.int().min(1)).nullable().default(null).describe('not available in this version'),
  soft_num_periods_rolling: z.int().min(1).nullable().default(null).describe('not available in this version'),
  soft_cumulative_product: z.boolean().default(false).describe('not available in this version'),
  soft_cumulative_product_renormalise: z
    .enum(['mean', 'min'])
    .nullable()
    .default(null)
    .describe('not available in this version'),
  soft_full_norm_alpha_scale: z.boolean().default(true).describe('soft: take the root 1/α of the mean product'),
}

type Setting = keyof typeof softSettings

const UNAVAILABLE: Setting[] = [
  'soft_multiresolution',
  'soft_num_periods_rolling',
  'soft_cumulative_product',
  'soft_cumulative_product_renormalise',
]

/** Returns the options of method soft; reports those that do not exist yet, and those that another method ignores. */
export function softOptions({ config, warn }: LaterOffer, columns: SourceColumns): SoftOptions {
  for (const [name, schema] of Object.entries(softSettings)) {
    if (config[name] === schema.parse(undefined)) continue
    if (UNAVAILABLE.includes(name as Setting)) {
      columns.refuse(name, 'not available in this version', 'leave it out')
    } else if (config.method !== 'soft') {
      warn(name, `has no effect with method ${config.method}`, 'set method: soft')
    }
  }
  return {
    alpha: config.soft_alpha,
    signOnly: config.soft_sign_only,
    recenter: config.soft_recenter,
    normalisation: config.soft_normalisation,
    fullNormAlphaScale: config.soft_full_norm_alpha_scale,
  }
}
