// The one module of all kernels. Memory is owned by the caller: nothing here allocates.
export * from './fold/arithmetic'
export * from './fold/cells'
export * from './fold/conditions'
export * from './fold/edges'
export * from './fold/extremes'
export * from './fold/sums'
