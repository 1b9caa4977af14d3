#!/usr/bin/env node
// Arrow comes first: arrow.mjs says why.
import './own-arrow.js'
import './command.js'
