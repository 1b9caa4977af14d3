const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const nothing = () => undefined

/** Bounds as they are stored: bigints and day numbers, no dates; text that is not UTF-8 is no bound. */
export const RAW = {
  timestampFromMilliseconds: (ms: bigint) => ms,
  timestampFromMicroseconds: (us: bigint) => us,
  timestampFromNanoseconds: (ns: bigint) => ns,
  dateFromDays: (day: number) => day,
  stringFromBytes(bytes: Uint8Array) {
    try {
      return strict.decode(bytes)
    } catch {
      return undefined
    }
  },
  jsonFromBytes: nothing,
  geometryFromBytes: nothing,
  geographyFromBytes: nothing,
  uuidFromBytes: nothing,
}
