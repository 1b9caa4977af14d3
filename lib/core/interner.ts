import type { Words } from './batch.js'

/** Numbers words in the order they are first seen. Codes stay valid as it grows. */
export class Interner {
  readonly words: string[] = []
  private readonly codes = new Map<string, number>()
  private frozen: Words | undefined

  code(word: string): number {
    const known = this.codes.get(word)
    if (known !== undefined) return known
    const code = this.words.push(word) - 1
    this.codes.set(word, code)
    this.frozen = undefined
    return code
  }

  /** Returns the words so far; the same object until a new word comes. */
  snapshot(): Words {
    this.frozen ??= { words: this.words.slice() }
    return this.frozen
  }

  /** Returns a table from the codes of `dictionary` to codes of this interner. */
  translate(dictionary: Words): Int32Array {
    const table = new Int32Array(dictionary.words.length)
    for (let i = 0; i < table.length; i++) table[i] = this.code(dictionary.words[i])
    return table
  }
}
