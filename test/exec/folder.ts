import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Makes a folder that is gone after the test; unlike `t.testdir()`, two runs at once never share it. */
export function folderFor(t: Test): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'basalt-test-')))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}
