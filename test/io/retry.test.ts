import t from 'tap'
import { BasaltError } from '../../lib/core/index.js'
import { isTransient, retried, waitBefore } from '../../lib/io/retry.js'

const POLICY = { retries: 3, baseSeconds: 0.001, maxSeconds: 0.003 }
const failure = (code: string) => Object.assign(new Error(code), { code })

t.test('what may pass by itself is tried again, and nothing else', async t => {
  for (const code of ['EIO', 'EMFILE', 'ESTALE', 'ETIMEDOUT']) t.ok(isTransient(failure(code)), code)
  for (const code of ['ENOENT', 'EACCES', 'ENOSPC', 'EISDIR', 'EROFS']) t.notOk(isTransient(failure(code)), code)
  t.ok(isTransient(new BasaltError('io', 'cannot be read', {}, failure('EIO'))), 'the cause tells')
  t.notOk(isTransient(new BasaltError('data', 'cannot be decoded')))
})

t.test('an action is tried as often as the policy says', async t => {
  for (const [failures, calls, ends] of [
    [0, 1, true],
    [3, 4, true],
    [4, 4, false],
  ] as const) {
    let count = 0
    const waits: number[] = []
    const result = await retried(
      async () => {
        if (count++ < failures) throw failure('EIO')
        return 'read'
      },
      POLICY,
      (_, seconds) => waits.push(seconds),
    ).catch(({ code }) => code)
    t.equal(result, ends ? 'read' : 'EIO')
    t.equal(count, calls)
    t.equal(waits.length, calls - 1)
  }
})

t.test('waits double, up to a limit', t => {
  for (const [retry, most] of [0.001, 0.002, 0.003, 0.003].entries()) {
    const wait = waitBefore(retry, POLICY)
    t.ok(wait >= most / 2 && wait <= most, `${wait} of ${most}`)
  }
  t.end()
})

t.test('who ends the run does not wait', async t => {
  const controller = new AbortController()
  const run = retried(
    async () => Promise.reject(failure('EIO')),
    { retries: 9, baseSeconds: 60, maxSeconds: 60 },
    () => controller.abort(),
    controller.signal,
  )
  await t.rejects(run, { name: 'AbortError' })
})
