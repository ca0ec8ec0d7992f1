import type { Diagnostic } from '../model/diagnostic.ts'

/** How many diagnostics of each severity there are: `1 error, 0 warnings, 2 infos`. */
export function countDiagnostics(found: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): string => {
    const number = found.filter(diagnostic => diagnostic.severity === severity).length
    return `${number} ${severity}${number === 1 ? '' : 's'}`
  }
  return `${count('error')}, ${count('warning')}, ${count('info')}`
}
