export { type Buckets, CellTable } from './cells.js'
export { FOLD_KERNELS, type FoldKernel, firstChange, look, offsetsOf, rangeOf } from './fold-kernels.js'
export { WasmLoops } from './loops.js'
export { type Memory, memory } from './memory.js'
