import { createReadStream } from 'node:fs'
import { BasaltError, faultOf } from '../../core/error.js'
import { LocalFile } from '../bytes.js'
import type { ResultFile } from './index.js'
import { type TextRow, textResult } from './text-rows.js'

/** Opens a CSV file with a heading, as RFC 4180 has it: an empty field is null, `""` is the empty string. */
export async function openCsv(path: string): Promise<ResultFile> {
  await LocalFile.at(path)
  const heading = (await rowsOf(path).next()).value
  if (!heading) throw new BasaltError('data', 'is empty: a CSV file has a heading', { file: path })
  return textResult(
    heading.map(name => name ?? ''),
    () => dataRows(path, heading.length),
  )
}

async function* dataRows(path: string, width: number): AsyncGenerator<TextRow, void, undefined> {
  let line = 0
  for await (const row of rowsOf(path)) {
    line++
    if (line === 1) continue
    if (row.length !== width) {
      const problem = `row ${line} has ${row.length} fields, the heading has ${width}`
      throw new BasaltError('data', problem, { file: path })
    }
    yield row
  }
}

async function* rowsOf(path: string): AsyncGenerator<TextRow, void, undefined> {
  const parser = new CsvParser()
  try {
    let first = true
    for await (const text of createReadStream(path, 'utf8')) {
      yield* parser.rows(first ? (text as string).replace(/^\ufeff/, '') : (text as string))
      first = false
    }
    yield* parser.end()
  } catch (error) {
    throw faultOf(error, { file: path }, 'io')
  }
}

/** Cuts text into rows of fields. Text comes in pieces that end anywhere. */
export class CsvParser {
  private row: TextRow = []
  private field = ''
  private state: 'start' | 'bare' | 'quoted' | 'closed' = 'start' // closed: behind a quote, which may be half of one
  private after = '' // the character before, when it was a carriage return

  private take(): void {
    this.row.push(this.state === 'start' ? null : this.field)
    this.field = ''
    this.state = 'start'
  }

  private taken(): TextRow {
    this.take()
    const { row } = this
    this.row = []
    return row
  }

  *rows(text: string): Generator<TextRow> {
    for (let at = 0; at < text.length; ) {
      // Runs of characters without a meaning are taken at once: one by one takes ten times as long.
      let end = this.state === 'quoted' ? text.indexOf('"', at) : meaning(text, at)
      if (end < 0) end = text.length
      if (end > at) {
        this.field += text.slice(at, end)
        if (this.state === 'start') this.state = 'bare'
        this.after = ''
      }
      at = end + 1
      if (end === text.length) return
      const character = text[end]
      if (character === '\r' || character === '\n') {
        const isSecond = character === '\n' && this.after === '\r' && this.row.length === 0 && this.state === 'start'
        if (!isSecond) yield this.taken()
        this.after = isSecond ? '' : character
        continue
      }
      this.after = ''
      if (character === ',') this.take()
      else if (this.state === 'quoted') this.state = 'closed'
      else if (this.state === 'start') this.state = 'quoted'
      else {
        // The second of two quotes stands for one; in a field that is not quoted, one is as good as any character.
        this.field += character
        if (this.state === 'closed') this.state = 'quoted'
      }
    }
  }

  *end(): Generator<TextRow> {
    if (this.state === 'quoted') throw new BasaltError('data', 'ends within a quoted field: it is cut')
    if (this.row.length > 0 || this.state !== 'start') yield this.taken()
  }
}

const MEANING = /[",\r\n]/g

function meaning(text: string, from: number): number {
  MEANING.lastIndex = from
  return MEANING.exec(text)?.index ?? -1
}
