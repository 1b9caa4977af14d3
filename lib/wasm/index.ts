export { type EntityRows, type EntityRuns, entityRuns, foldAttribute } from './attributes.js'
export { type Buckets, CellTable } from './cells.js'
export {
  type CellRuns,
  cellRuns,
  FOLD_KERNELS,
  type FoldKernel,
  foldSums,
  look,
  offsetsOf,
  settleSums,
} from './fold-kernels.js'
export { WasmLoops } from './loops.js'
export { type Memory, memory } from './memory.js'
export { Scratch } from './scratch.js'
