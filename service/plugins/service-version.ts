import { readFileSync } from 'node:fs'

import { parseJson } from '../base/exact-number.ts'
import { textMember } from '../base/json.ts'

/** Beside `service/` in a checkout, beside `dist/` in the package. */
const MANIFEST = new URL('../../package.json', import.meta.url)

/** The version of the package. */
export function serviceVersion(): string {
  return textMember(parseJson(readFileSync(MANIFEST, 'utf8')), 'version') ?? ''
}
