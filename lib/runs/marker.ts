import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { WrittenFile } from '../core/index.js'
import { JsonFolder, RUNS_FOLDER } from './folder.js'

/** What is known of an output file: it stands beside the file, written after it, so it never speaks of a torn one. */
export interface Marker {
  /** Relative to the folder of the target. */
  path: string
  pass: string
  rows: number
  bytes: number
  sha256: string
  /** Of all that the file is made of: code, plan, inputs. */
  fingerprint: string
  run: string
}

/** The markers of the files below a folder. */
export class Markers {
  private readonly folder: JsonFolder<Marker>

  constructor(private readonly root: string) {
    this.folder = new JsonFolder(join(root, RUNS_FOLDER, 'files'))
  }

  /** Returns the marker of a file that is there, whole, and made of exactly this. */
  async standing(path: string, fingerprint: string): Promise<Marker | undefined> {
    const marker = await this.folder.get(this.nameOf(path))
    if (marker?.fingerprint !== fingerprint) return undefined
    const found = await stat(path).catch(() => undefined)
    return found?.isFile() && found.size === marker.bytes ? marker : undefined
  }

  async put(file: WrittenFile, facts: Pick<Marker, 'pass' | 'fingerprint' | 'run'>): Promise<Marker> {
    const { rows, bytes, sha256 } = file
    const marker = { path: this.relative(file.path), rows, bytes, sha256, ...facts }
    await this.folder.put(this.nameOf(file.path), marker)
    return marker
  }

  /** Forgets a file before another one takes its place: a marker never speaks of what is not there. */
  async drop(path: string): Promise<void> {
    await this.folder.drop(this.nameOf(path))
  }

  /** Lists the markers of files that are still there. */
  async all(): Promise<Marker[]> {
    const markers = [...(await this.folder.all()).values()]
    const there = await Promise.all(markers.map(({ path }) => stat(resolve(this.root, path)).catch(() => undefined)))
    return markers.filter((_, i) => there[i])
  }

  /** Lists marker files of outputs that are gone. */
  async orphans(): Promise<string[]> {
    const paths: string[] = []
    for (const [name, { path }] of await this.folder.all()) {
      if (!(await stat(resolve(this.root, path)).catch(() => undefined))) paths.push(this.folder.pathOf(name))
    }
    return paths
  }

  private relative(path: string): string {
    return relative(resolve(this.root), resolve(path))
  }

  private nameOf(path: string): string {
    return createHash('sha256').update(this.relative(path)).digest('hex').slice(0, 20)
  }
}
