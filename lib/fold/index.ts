export { aggregate } from './aggregate.js'
export { Folder } from './fold.js'
export { Merger } from './merge.js'
