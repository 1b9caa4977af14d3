// Threads inherit the flags of their process, and with them the test runner's hooks, which cost each half a second.
process.execArgv = process.execArgv.filter(flag => !flag.includes('@tapjs'))
