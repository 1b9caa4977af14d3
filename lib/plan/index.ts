export type { OutputTarget } from '../../configs/index.js'
export { type PlannedPass, planPass, type ReferenceOffer } from './build.js'
export { type Catalog, catalogOf } from './catalog.js'
export { bmllNames, type DeclaredTable, declaredTable, outputColumn, tableSource } from './declared-table.js'
export { type Estimate, estimateUnit, isMadeInPieces, needsDay } from './estimate.js'
export { type Floor, floorFor, floorOf, workersWithin } from './floor.js'
export { planJoined } from './joined-tables.js'
export { keptColumns, type LaterInputs, planLater } from './later.js'
export { sharedCuts } from './later-cuts.js'
export { sourcesRead } from './later-sources.js'
export {
  type DateBatch,
  datesInFile,
  filesOf,
  type OutputNaming,
  outputPath,
  type PlannedFile,
  targetPlace,
  universeToken,
} from './outputs.js'
export { type PassPart, partsOf, tablesRead } from './own-rows.js'
export { haveSameRows } from './same-rows.js'
export { haveFewRows } from './scattered.js'
export { type SideOutput, sideOutputsOf } from './side-outputs.js'
export { filesMeet, joinedSpan, nearParts, spansOf } from './spans.js'
export { planStates } from './states.js'
export { unknownFills, withTimeline } from './timeline.js'
export { cutListings, cutUnits, dayWanted, halveListings, packListings, partsByFile } from './units.js'
export { type Term, termsOf } from './universe.js'
