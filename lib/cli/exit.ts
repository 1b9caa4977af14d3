import { BasaltError, ConfigError } from '../core/index.js'

/** Exit codes of every command (configuration 1.9). */
export const ExitCode = { done: 0, failed: 1, usage: 2, partly: 3 } as const

export function exitCodeOf(error: unknown): number {
  return error instanceof BasaltError && error.fault === 'config' ? ExitCode.usage : ExitCode.failed
}

export const isInterrupt = (error: unknown): boolean => (error as Error)?.name === 'AbortError'

/** Prints a failure for people: located lines for configs, the place and the cause for everything else. */
export function explainFailure(error: unknown): void {
  if (error instanceof ConfigError) {
    for (const line of error.report) console.error(line)
    console.error(`${error.report.length} ${error.report.length === 1 ? 'problem' : 'problems'}; nothing was read`)
  } else if (error instanceof BasaltError) {
    console.error(`${error.fault}: ${error.message}`)
    if (error.fault === 'internal') console.error((error.cause as Error)?.stack ?? error.stack)
  } else if (isInterrupt(error)) console.error('interrupted')
  else console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** Returns a signal that Ctrl-C and SIGTERM abort; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.failed)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
