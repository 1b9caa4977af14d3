/** The built-in pack: every exported table, kernel, operator, module, family and metric is registered by its export. */

export { alpha101 } from './alpha101/module.js'
export * from './bars/index.js'
export { correlation } from './correlation/module.js'
export { externalEvents } from './external-events/module.js'
export { generic } from './generic/module.js'
export { hurst } from './hurst/module.js'
export * from './kernels/index.js'
export { observedEvents } from './observed-events/module.js'
export { predictor } from './predictor/module.js'
export { reaggregate } from './reaggregate/module.js'
export * from './tables/market-state.js'
// The join with the reference table is an operator of that name.
export { reference as referenceTable } from './tables/reference.js'
export * from './tables/trades.js'
export * from './trade/index.js'
export * from './trade-characteristics/index.js'
export * from './transforms/index.js'
