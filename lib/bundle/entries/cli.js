#!/usr/bin/env node
// First, and by itself: what is imported beside it would be read and compiled before.
import './engine.js'

// Arrow comes before the command: arrow.mjs says why.
await import('./own-arrow.js')
await import('./command.js')
