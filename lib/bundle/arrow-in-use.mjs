let arrow

/** Says which copy of Arrow this thread uses: the first that is offered. */
export function use(copy) {
  arrow ??= copy
}

export const inUse = () => arrow
