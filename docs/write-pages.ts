import { writeFileSync } from 'node:fs'

import { renderErrors } from './render-errors.ts'
import { renderSettings } from './render-settings.ts'

writeFileSync(new URL('errors.md', import.meta.url), renderErrors())
writeFileSync(new URL('settings.md', import.meta.url), renderSettings())
