import { Value } from 'typebox/value'

import { editDistance, nearest } from './base/nearest.ts'
import type { Settings } from './settings.ts'
import { SettingsError, SettingsSchema } from './settings.ts'

type Environment = { readonly [name: string]: string | undefined }

/** Names of log levels elsewhere. */
const LEVEL_ALIASES: Record<string, string> = { warning: 'warn', critical: 'fatal', off: 'silent' }

/**
 * Reads the settings from an environment. Blank values count as unset.
 *
 * @returns The settings, and a warning for each name that looks like a misspelled setting.
 * @throws SettingsError for a malformed value, for `REDIS_URL` without `STORE_KEY`, and for a user name or
 *   password without the other.
 */
export function readSettings(environment: Environment): {
  readonly settings: Settings
  readonly warnings: readonly string[]
} {
  const entries = Object.entries(SettingsSchema.properties).flatMap(([name, schema]) => {
    const text = environment[name]?.trim() ?? ''
    if (text === '') return 'default' in schema ? [[name, schema.default]] : []
    const value = parseValue(name, text, schema)
    if (!Value.Check(schema, value)) {
      const shown = 'secret' in schema ? 'malformed' : `"${text}"`
      throw new SettingsError(`${name} is ${shown}; allowed is ${allowedValues(schema)}`)
    }
    return [[name, value]]
  })
  const settings = Value.Parse(SettingsSchema, Object.fromEntries(entries))
  checkLogin(settings)
  if (settings.REDIS_URL !== '' && settings.STORE_KEY === '') {
    const allowed = allowedValues(SettingsSchema.properties.STORE_KEY)
    throw new SettingsError(
      `STORE_KEY is blank, but REDIS_URL requires it; allowed is ${allowed}, the same for all instances`
    )
  }
  return { settings, warnings: misspellings(environment) }
}

function checkLogin({ CONNECTOR_USERNAME, CONNECTOR_PASSWORD }: Settings): void {
  if ((CONNECTOR_USERNAME === '') === (CONNECTOR_PASSWORD === '')) return
  const [given, missing] =
    CONNECTOR_USERNAME === ''
      ? ['CONNECTOR_PASSWORD', 'CONNECTOR_USERNAME']
      : ['CONNECTOR_USERNAME', 'CONNECTOR_PASSWORD']
  throw new SettingsError(`${missing} is blank, but ${given} requires it`)
}

function parseValue(name: string, text: string, schema: object): string | number {
  if (name === 'LOG_LEVEL') return LEVEL_ALIASES[text.toLowerCase()] ?? text.toLowerCase()
  if ('type' in schema && schema.type === 'string') return text
  return /^-?\d+$/.test(text) ? Number(text) : text
}

function allowedValues(schema: object): string {
  if ('allowed' in schema) return String(schema.allowed)
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return `one of ${schema.anyOf.map(choice => choice.const).join(', ')}`
  }
  const least = 'minimum' in schema ? schema.minimum : undefined
  const most = 'maximum' in schema ? schema.maximum : undefined
  return `a whole number${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`
}

function misspellings(environment: Environment): string[] {
  const known = Object.keys(SettingsSchema.properties)
  return Object.keys(environment).flatMap(name => {
    const meant = known.includes(name) || name.length < 5 ? undefined : nearest(name, known)
    return meant !== undefined && editDistance(name, meant) <= 2
      ? [`${name} is not a setting; did you mean ${meant}?`]
      : []
  })
}
