export { distinctOf } from './distinct.js'
export { type Footer, readFooter } from './footer.js'
export { close } from './open.js'
export { type ScanOptions, scan } from './scan.js'
