// The one module of all kernels. Memory is owned by the caller: nothing here allocates.
export { expandBits } from './decode/bits'
export { endOfDelta, nextDelta, startDelta } from './decode/delta'
export { gather4, gather8, greatestCode } from './decode/gather'
export { lz4 as unpackLz4 } from './decode/lz4'
export { copyValues, stampsOf96, widenFloats } from './decode/plain'
export { nextLevels, nextRuns, startRuns } from './decode/runs'
export { snappy as unpackSnappy } from './decode/snappy'
export { joinStreams } from './decode/split'
export { spread1, spread4, spread8 } from './decode/spread'
export { zstd as unpackZstd } from './decode/zstd/frame'
export { WORKSPACE_BYTES as UNPACK_WORK } from './decode/zstd/workspace'
export { countSet } from './encode/bits'
export { deltaBytes32, deltaBytes64, deltaOf32, deltaOf64 } from './encode/delta'
export { number32, number64, renumber } from './encode/dictionary'
export { extremesF64, extremesI32, extremesI64 } from './encode/extremes'
export { keep8, keep32, keep64 } from './encode/present'
export { runsOfBytes, runsOfCodes } from './encode/runs'
export { SNAPPY_WORK, snappy as packSnappy } from './encode/snappy'
export { copyEntries, entryBytes, extremesText } from './encode/text'
export { zstd as packZstd } from './encode/zstd-frame'
export { ZSTD_WORK } from './encode/zstd-work'
export * from './fold/arithmetic'
export * from './fold/attributes'
export * from './fold/cell-runs'
export * from './fold/cells'
export * from './fold/conditions'
export {
  firstRunsF64,
  firstRunsI32,
  firstRunsI64,
  foldFirstF64,
  foldFirstI32,
  foldFirstI64,
  foldLastF64,
  foldLastI32,
  foldLastI64,
  lastRunsF64,
  lastRunsI32,
  lastRunsI64,
} from './fold/edges'
export * from './fold/extremes'
export * from './fold/moments'
export * from './fold/stamps'
export * from './fold/sums'
