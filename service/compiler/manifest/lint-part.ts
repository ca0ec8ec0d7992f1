import type { Form } from '../../base/form.ts'
import type { JsonValue } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import { lintMembers } from '../lint-members.ts'
import type { Report } from '../report.ts'
import type { ManifestPart } from './manifest-scope.ts'

/** Reports each member of a part that its form does not have. @param part With a blank path for the whole manifest. */
export function lintPart(
  report: Report,
  form: Form,
  value: JsonValue,
  part: Pick<ManifestPart, 'at' | 'path'>
): void {
  const nameAt = (path: string): string =>
    [part.path, path].filter(name => name !== '').join('.') || 'manifest'
  const suggest = (given: string, known: () => readonly string[]): string =>
    suggestion(nearest(given, known()))
  lintMembers({ report, nameAt, suggest }, form, value, part.at)
}
