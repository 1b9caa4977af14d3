import { Bounds, isReserved } from './bounds.js'
import { exactInteger } from './read-scalar.js'
import { branch, type Origin, reportLine, type Tree, unreadable } from './tree.js'

/** Reads JSON into a tree with places. Unlike JSON.parse it knows lines, sees duplicate keys and keeps long integers. */
export function readJson(text: string, origin: Origin, faults: string[]): Tree {
  return new Reader(text, origin, faults).document()
}

const BLANK = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const WORD = /true|false|null/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

class Reader {
  private position = 0
  private readonly bounds = new Bounds()
  private readonly lineStarts = [0]

  constructor(
    private readonly text: string,
    private readonly origin: Origin,
    private readonly faults: string[],
  ) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1)
  }

  document(): Tree {
    this.skip()
    const tree = this.value([])
    this.skip()
    if (this.position < this.text.length) throw this.fault('expected the end of the document')
    return tree
  }

  private value(path: (string | number)[]): Tree {
    const at = this.at(this.position)
    this.bounds.enter(path.length, at)
    const start = this.text[this.position]
    if (start === '{') return this.map(path, at)
    if (start === '[') return this.list(path, at)
    if (start === '"') return { kind: 'leaf', value: this.string(), at }
    const word = this.match(WORD)
    if (word) return { kind: 'leaf', value: word[0] === 'null' ? null : word[0] === 'true', at }
    const number = this.match(NUMBER)
    if (!number) throw this.fault('expected a value')
    const whole = number[1] === undefined && number[2] === undefined
    return {
      kind: 'leaf',
      value: whole && number[0].length > 15 ? exactInteger(BigInt(number[0])) : Number(number[0]),
      at,
    }
  }

  private list(path: (string | number)[], at: Origin): Tree {
    const items: Tree[] = []
    this.position++
    this.skip()
    if (!this.take(']')) {
      do {
        this.skip()
        items.push(this.value([...path, items.length]))
        this.skip()
      } while (this.take(','))
      if (!this.take(']')) throw this.fault("expected ',' or ']'")
    }
    return { kind: 'list', items, at }
  }

  private map(path: (string | number)[], at: Origin): Tree {
    const map = branch(at)
    this.position++
    this.skip()
    if (!this.take('}')) {
      do {
        this.skip()
        this.entry(map.entries, path)
        this.skip()
      } while (this.take(','))
      if (!this.take('}')) throw this.fault("expected ',' or '}'")
    }
    return map
  }

  private entry(entries: Map<string, { key: Origin; value: Tree }>, path: (string | number)[]): void {
    const place = this.at(this.position)
    if (this.text[this.position] !== '"') throw this.fault('expected a key in double quotes')
    const key = this.string()
    if (isReserved(key)) throw unreadable(place, `the key '${key}' is not allowed`)
    this.skip()
    if (!this.take(':')) throw this.fault("expected ':' after a key")
    this.skip()
    const value = this.value([...path, key])
    const known = entries.get(key)
    if (known) this.faults.push(reportLine(place, [...path, key], `given twice; first at line ${known.key.line}`))
    else entries.set(key, { key: place, value })
  }

  private string(): string {
    const match = this.match(STRING)
    if (!match) throw this.fault('this text has no closing quote, or holds a line break or a wrong escape')
    return JSON.parse(match[0])
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position
    const match = pattern.exec(this.text)
    if (match) this.position += match[0].length
    return match
  }

  private skip(): void {
    this.match(BLANK)
  }

  private take(character: string): boolean {
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  private at(offset: number): Origin {
    if (this.origin.flag !== undefined) return this.origin
    let low = 0
    for (let high = this.lineStarts.length; high - low > 1; ) {
      const middle = (low + high) >> 1
      if (this.lineStarts[middle] <= offset) low = middle
      else high = middle
    }
    return { ...this.origin, line: low + 1, column: offset - this.lineStarts[low] + 1 }
  }

  private fault(problem: string) {
    const found = this.position < this.text.length ? JSON.stringify(this.text[this.position]) : 'the end of the text'
    return unreadable(this.at(this.position), `not valid JSON: ${problem}, found ${found}`)
  }
}
