#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../version.js'
import { analyticsCommand } from './analytics.js'
import { ExitCode, exitCodeOf, explainFailure, isInterrupt } from './exit.js'
import { pipelineCommand } from './pipeline.js'
import { plotCommand } from './plot.js'
import { quickstartCommand } from './quickstart.js'
import { runsCommand } from './runs.js'
import { sampleCommand } from './sample.js'
import { streamCommand } from './stream.js'

/** Builds the command line. Every command has an example that runs. */
export function program(): Command {
  const basalt = new Command('basalt')
    .description('Turns tick data into analytics, by configuration.')
    .version(version())
    .showHelpAfterError('(basalt --help lists the commands)')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  basalt sample --out sample-market
  basalt stream run configs/examples/quickstart.yaml --format table --limit 10
  basalt pipeline run configs/examples/quickstart.yaml

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration (nothing was read), 3 finished but some units failed.`,
    )
  for (const command of [
    streamCommand(),
    pipelineCommand(),
    analyticsCommand(),
    runsCommand(),
    plotCommand(),
    sampleCommand(),
    quickstartCommand(),
  ]) {
    basalt.addCommand(command)
  }
  basalt.exitOverride()
  const inherit = (command: Command): void => {
    for (const child of command.commands) {
      child.copyInheritedSettings(command)
      inherit(child)
    }
  }
  inherit(basalt)
  return basalt
}

async function main(): Promise<void> {
  // A reader that leaves (`basalt … | head`) is no fault; writers notice through StandardOutput and stop.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage
      return
    }
    explainFailure(error)
    process.exitCode = exitCodeOf(error)
    // Everything is closed by now; what a reader that stands still has not taken is not waited for.
    if (isInterrupt(error)) process.exit()
  }
}

await main()
