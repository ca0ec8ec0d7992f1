import type { Diagnostic } from '../../model/diagnostic.ts'

/** The number of diagnostics of each severity, such as `1 error, 0 warnings, 2 infos`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): string => {
    const number = diagnostics.filter(diagnostic => diagnostic.severity === severity).length
    return `${number} ${severity}${number === 1 ? '' : 's'}`
  }
  return `${count('error')}, ${count('warning')}, ${count('info')}`
}
