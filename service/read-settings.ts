import type { Form } from './base/form.ts'
import { editDistance, nearest } from './base/nearest.ts'
import { fits } from './base/violations.ts'
import type { Settings } from './settings.ts'
import { SettingsError, SettingsSchema } from './settings.ts'

type Environment = { readonly [name: string]: string | undefined }

/** Names of log levels elsewhere. */
const LEVEL_ALIASES: Record<string, string> = { warning: 'warn', critical: 'fatal', off: 'silent' }

/** Names of settings in earlier versions, with those of today. */
const FORMER_NAMES: { readonly [name: string]: string } = { COMPILE_THREADS: 'COMPILE_PROCESSES' }

/** Letters by which a misspelled name differs from that of a setting, at most. */
const CHANGED_MAX = 2

/**
 * Reads the settings from an environment. Blank values count as unset.
 *
 * @returns The settings, and a warning for each former name and for each name that looks like a misspelled setting.
 * @throws SettingsError for a malformed value, for `REDIS_URL` without `STORE_KEY`, and for a user name or
 *   password without the other.
 */
export function readSettings(environment: Environment): {
  readonly settings: Settings
  readonly warnings: readonly string[]
} {
  const former = usedFormerNames(environment)
  const entries = Object.entries(SettingsSchema.properties).flatMap(([name, schema]) => {
    const { text, source } = textOf(environment, name, former)
    if (text === '') return schema.default === undefined ? [] : [[name, schema.default]]
    const value = parseValue(name, text, schema)
    if (fits(schema, value)) return [[name, value]]
    const shown = schema.secret ? 'malformed' : `"${text}"`
    throw new SettingsError(`${source} is ${shown}; allowed is ${allowedValues(schema)}`)
  })
  const settings: unknown = Object.fromEntries(entries)
  if (!fits(SettingsSchema, settings)) throw new SettingsError('a setting has no default')
  checkLogin(settings)
  if (settings.REDIS_URL !== '' && settings.STORE_KEY === '') {
    const allowed = allowedValues(SettingsSchema.properties.STORE_KEY)
    throw new SettingsError(
      `STORE_KEY is blank, but REDIS_URL requires it; allowed is ${allowed}, the same for all instances`
    )
  }
  const outdated = former.map(
    ([given, name]) => `${given} is the former name of ${name}; use ${name}`
  )
  return { settings, warnings: [...outdated, ...misspellings(environment)] }
}

/** The former names that have a value, with those of today. */
function usedFormerNames(environment: Environment): readonly (readonly [string, string])[] {
  return Object.entries(FORMER_NAMES).filter(([former]) => environment[former]?.trim())
}

/** The value of a setting, and the name under which it was found: that of today, else a former one. */
function textOf(
  environment: Environment,
  name: string,
  former: ReturnType<typeof usedFormerNames>
): { readonly text: string; readonly source: string } {
  const names = [name, ...former.flatMap(([source, today]) => (today === name ? [source] : []))]
  const source = names.find(given => environment[given]?.trim()) ?? name
  return { text: environment[source]?.trim() ?? '', source }
}

function checkLogin({ CONNECTOR_USERNAME, CONNECTOR_PASSWORD }: Settings): void {
  if ((CONNECTOR_USERNAME === '') === (CONNECTOR_PASSWORD === '')) return
  const [given, missing] =
    CONNECTOR_USERNAME === ''
      ? ['CONNECTOR_PASSWORD', 'CONNECTOR_USERNAME']
      : ['CONNECTOR_USERNAME', 'CONNECTOR_PASSWORD']
  throw new SettingsError(`${missing} is blank, but ${given} requires it`)
}

function parseValue(name: string, text: string, schema: Form): string | number {
  if (name === 'LOG_LEVEL') return LEVEL_ALIASES[text.toLowerCase()] ?? text.toLowerCase()
  if (schema.type === 'string') return text
  return /^-?\d+$/.test(text) ? Number(text) : text
}

function allowedValues({ allowed, anyOf, minimum, maximum }: Form): string {
  if (allowed !== undefined) return allowed
  if (anyOf !== undefined) return `one of ${anyOf.map(choice => choice.const).join(', ')}`
  const least = minimum === undefined ? '' : ` from ${minimum}`
  const most = maximum === undefined ? '' : ` to ${maximum}`
  return `a whole number${least}${most}`
}

function misspellings(environment: Environment): string[] {
  const known = Object.keys(SettingsSchema.properties)
  return Object.keys(environment).flatMap(name => {
    if (known.includes(name) || name.length < 5) return []
    const alike = known.filter(({ length }) => Math.abs(length - name.length) <= CHANGED_MAX)
    const meant = nearest(name, alike)
    return meant !== undefined && editDistance(name, meant) <= CHANGED_MAX
      ? [`${name} is not a setting; did you mean ${meant}?`]
      : []
  })
}
