/** Returns the place of a file that comes with the package. Its name finds it, wherever the built code lies. */
export const ownFile = (path: string): URL => new URL(path, import.meta.resolve('basalt/package.json'))
