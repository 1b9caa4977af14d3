/**
 * The built-in pack, in the folder of the modules that name it by its place: so it is found both where tsc puts files
 * and in the bundle, which has one folder.
 */
export * from '../operators/index.js'
