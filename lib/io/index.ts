export { type ByteSource, LocalFile } from './bytes.js'
export { type BrokenFile, type DatasetSpec, type Discovery, discover, readTable, tableBatches } from './dataset.js'
export { close as closeFiles, distinctOf, type ScanOptions, scan } from './parquet/index.js'
export type { EncodedGroup, EncodeGroup, GroupToEncode } from './parquet/write/group.js'
export { isTransient, type RetryPolicy, waitBefore } from './retry.js'
export { PendingFile, syncDirectory } from './sinks/file.js'
export { openSink, type SinkType } from './sinks/index.js'
export {
  bytesOfBatch,
  bytesSpilled,
  countSpilled,
  isAlive,
  Overflow,
  SPILL_PREFIX,
  SpillFile,
  SpillFolder,
} from './spill.js'
export { TEMPORARY, temporaryName } from './temporary.js'
export { type Encoder, encoderFor, type TextFormat } from './text.js'
