import { setFlagsFromString } from 'node:v8'

// Young objects keep the room that they have by now, 2-4 MB: V8 would take 32 MB while it loads and runs the command.
setFlagsFromString('--semi-space-growth-factor=1')
