export * from './module.js'
export { cbboPreprocess } from './preprocess.js'
export * from './snapshots.js'
