/** Returns a name as output columns are written: parts that anything but letters and digits sets apart, capitalised. */
export const pascalCase = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
