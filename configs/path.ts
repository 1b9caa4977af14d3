/** Steps from the root of a config to a value: keys and list indexes. */
export type Path = readonly (string | number)[]

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_*-]*$/

/** Writes a path as users read it: `PASSES[0].time_bucket_seconds`; keys that are no plain word are quoted. */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!PLAIN_KEY.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

/** Writes a path with `[]` for every index, as the table of absences does. */
export function patternOf(path: Path): string {
  return path
    .map(step => (typeof step === 'number' ? '[]' : step))
    .join('.')
    .replaceAll('.[]', '[]')
}

/** A step of a path that a user wrote; `name` is the list entry whose `name` is this text, as in `PASSES[pass1]`. */
export type WrittenStep = { key: string } | { index: number } | { name: string }

const STEP = /(?:^|\.)([A-Za-z_][A-Za-z0-9_*-]*)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]|\[([A-Za-z_][A-Za-z0-9_-]*)\]/y

/** Reads a path that a user wrote, or returns undefined when the text is none. */
export function readPath(text: string): WrittenStep[] | undefined {
  const steps: WrittenStep[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text)
    if (!match) return undefined
    const [, key, index, quoted, name] = match
    if (key !== undefined) steps.push({ key })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else if (quoted !== undefined) steps.push({ key: unquoted(quoted) })
    else steps.push({ name })
  }
  return steps.length > 0 ? steps : undefined
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}
