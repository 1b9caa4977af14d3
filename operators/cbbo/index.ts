export * from './module.js'
export { cbboFromL3Preprocess, cbboPreprocess } from './preprocess.js'
export * from './snapshots.js'
