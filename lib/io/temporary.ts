import { randomBytes } from 'node:crypto'

/** Names of files that are not whole yet: who clears away what broken runs left knows them by it. */
export const TEMPORARY = /\.[0-9a-f]{12}\.tmp$/

/** Returns a name for a file that is to get another one when it is whole; its random part keeps two writers apart. */
export const temporaryName = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.tmp`
