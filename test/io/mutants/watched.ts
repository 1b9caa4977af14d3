import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Answer, Question } from './child.js'

/** How a question to a reader's process ended. */
export type Ending = { kind: 'answered'; answer: Answer } | { kind: 'hung' | 'crashed'; text: string }

interface Pending {
  question: Question
  alone: boolean // asked a second time, with a process of its own
  resolve: (ending: Ending) => void
}

/**
 * A reader in a process of its own under a watchdog. A question without an answer for `limitMs`, or during which the
 * process dies, is asked again of a fresh process before it counts: a busy machine is no hang.
 */
export class Watched {
  private child: ChildProcess | undefined
  private ready = false
  private readonly queue: Pending[] = []
  private asked = 0 // questions of the queue that the child has been sent
  private since = 0
  private readonly timer: NodeJS.Timeout
  private stderr = ''
  private readonly end = () => this.child?.kill('SIGKILL') // a reader in an endless loop sees no disconnect
  restarts = 0

  constructor(
    private readonly module: string, // exports `read`
    private readonly limitMs: number,
    private readonly width = 16, // questions sent ahead of their answers
  ) {
    process.once('exit', this.end)
    this.timer = setInterval(() => this.watch(), Math.min(100, limitMs / 4))
  }

  /** Asks the reader for a file, behind all questions before. */
  ask(question: Question): Promise<Ending> {
    return new Promise(resolve => {
      this.queue.push({ question, alone: false, resolve })
      this.send()
    })
  }

  /** Ends the process. Questions that are open stay without an answer. */
  stop(): void {
    clearInterval(this.timer)
    process.off('exit', this.end)
    const child = this.child
    this.child = undefined
    child?.kill('SIGKILL')
  }

  private send(): void {
    if (!this.child) this.start()
    if (!this.ready) return
    if (this.asked === 0) this.since = performance.now()
    const most = this.queue[0]?.alone ? 1 : this.width
    while (this.asked < Math.min(most, this.queue.length)) {
      // A process that has just crashed has no channel any more; its end is told by itself, and what it was asked is asked again.
      this.child!.send(this.queue[this.asked++].question, () => {})
    }
  }

  private start(): void {
    const child = fork(join(import.meta.dirname, 'child.js'), [this.module], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [], // not those of a test runner
    })
    this.child = child
    this.ready = false
    this.asked = 0
    this.stderr = ''
    child.stderr!.setEncoding('utf8').on('data', text => {
      this.stderr = (this.stderr + text).slice(-2000)
    })
    child.on('message', message => {
      if (child !== this.child) return
      if (message === 'ready') this.ready = true
      else {
        this.asked--
        this.since = performance.now()
        this.queue.shift()?.resolve({ kind: 'answered', answer: message as Answer })
      }
      this.send()
    })
    child.on('close', (code, signal) => {
      if (child === this.child) this.fail('crashed', `exit ${code ?? signal}: ${this.stderr.trim()}`)
    })
  }

  private watch(): void {
    if (this.ready && this.asked > 0 && performance.now() - this.since > this.limitMs) {
      this.fail('hung', `no answer for ${this.limitMs} ms`)
    }
  }

  private fail(kind: 'hung' | 'crashed', text: string): void {
    const first = this.queue[0]
    this.drop()
    if (!first) return
    if (first.alone) this.queue.shift()!.resolve({ kind, text })
    else first.alone = true
    if (this.queue.length > 0) this.send()
  }

  private drop(): void {
    const child = this.child
    this.child = undefined
    this.ready = false
    this.asked = 0
    this.restarts++
    child?.kill('SIGKILL')
  }
}
