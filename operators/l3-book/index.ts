export { l3BookKernel } from './kernel.js'
export * from './module.js'
