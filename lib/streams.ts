import type { Duplex } from 'node:stream'
import chain from 'stream-chain'
import * as pack from '../operators/index.js'
import { type Operator, Registry, type Step } from './core/index.js'
import { asTransform as transform } from './exec/as-transform.js'
import { aggregate } from './fold/index.js'

/** The operators, kernels, tables and metrics that come with Basalt. */
export function builtIns(): Registry {
  return new Registry().add({ ...pack, aggregate }, 'basalt')
}

/**
 * Makes a Node Transform of an operator, in object mode over RecordBatches, with backpressure: it holds one batch on
 * each side. `registry` holds the kernels and metrics that the parameters name; the built-in ones when left out.
 */
export function asTransform<P>(operator: Operator<P>, parameters: P, registry = builtIns()): Duplex {
  return transform(operator, parameters, registry)
}

/** Chains steps into one stream, as `filter → bucket → aggregate`. Steps name operators of the registry. */
export function asChain(steps: readonly Step[], registry = builtIns()): Duplex {
  const stages = steps.map(({ operator, parameters }) =>
    transform(registry.get('operators', operator), parameters, registry),
  )
  return chain(stages, { readableHighWaterMark: 1, writableHighWaterMark: 1 })
}

export { bucket, derive, filter, sort } from '../operators/transforms/index.js'
export { aggregate }
