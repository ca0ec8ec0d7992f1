import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, plainText } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import { CONFIGURATION_VALUES } from '../../operations/configuration.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import { parseOther } from '../../parse/parse-document.ts'
import type { CommandInput } from '../command.ts'
import { readTextFile } from '../document/read-text-file.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { CONFIG, SET_CONFIG } from './configuration-options.ts'
import { readRunDate } from './date-option.ts'

/** Environment variables of configuration values begin so: `OPENAPI_FLOW_API_KEY` is `API Key`. */
const PREFIX = 'OPENAPI_FLOW_'

/** The command's DOC takes the place of this one. */
const NAMES = CONFIGURATION_VALUES.map(({ name }) => name).filter(name => name !== 'Schema URL')

const SECRETS = new Set(
  CONFIGURATION_VALUES.flatMap(({ name, content }) => (content === 'ContentPassword' ? name : []))
)

/**
 * Reads the configuration values of a command (docs/terminal.md#configuration-values): those of the environment, over
 * them those of `--config`, over these those of `--set-config`. Letter case does not matter. `--date` is the line
 * `dt` of `Variables`.
 *
 * @throws CommandError for an unknown name, a file that cannot be read, a value that is no text, and a wrong date;
 *   ConnectorError for a file that is neither YAML nor JSON.
 */
export async function readConfiguration(
  input: CommandInput,
  terminal: Terminal
): Promise<ConfigurationValues> {
  const file = input.value(CONFIG)
  const set = input.values(SET_CONFIG).map(readSet)
  const secrets = set.flatMap(([name]) => (SECRETS.has(name) ? `"${name}"` : []))
  if (secrets.length > 0) {
    terminal.err(
      `warning: others on this machine can see ${secrets.join(', ')} among the arguments; --config FILE or the environment keeps it to you`
    )
  }
  warnOfUnknown(terminal)
  const entries = [
    ...fromEnvironment(terminal),
    ...(file === undefined ? [] : await fromFile(file, terminal)),
    ...set
  ]
  const last = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]))
  const filled = [...last].filter(([, value]) => value.trim() !== '')
  return withRunDate(Object.fromEntries(filled), readRunDate(input))
}

/** The date of the run is the variable `dt` of a manifest. */
function withRunDate(values: ConfigurationValues, date: string | null): ConfigurationValues {
  if (date === null) return values
  const { variables = '' } = values
  return { ...values, variables: `${variables}\ndt=${date}` }
}

type Entry = readonly [name: string, value: string]

function fromEnvironment({ environment }: Terminal): Entry[] {
  return NAMES.flatMap(name => {
    const value = environment[PREFIX + variableOf(name)]
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** A name that is not known is most often one that is misspelt. */
function warnOfUnknown({ environment, err }: Terminal): void {
  const known = NAMES.map(name => PREFIX + variableOf(name))
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.includes(name)) continue
    const words = `${name} of the environment is no configuration value${suggestion(nearest(name, known))}`
    err(`warning: ${shownText(words)}`)
  }
}

/** `OAuth2/OIDC: Client Id` is `OAUTH2_OIDC_CLIENT_ID`. */
function variableOf(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}

async function fromFile(name: string, terminal: Terminal): Promise<Entry[]> {
  const values = parseOther(await readTextFile(name, terminal), name)
  if (!isJsonObject(values)) {
    throw new CommandError(`"${name}" has no configuration values, such as \`API Key: abc\``)
  }
  return Object.entries(values).map(([key, value]) => [knownName(key, name), textOf(key, value)])
}

/** The text of a value; a list, and names with values, become its lines. */
function textOf(name: string, value: JsonValue): string {
  const lines = isJsonArray(value)
    ? value.map(item => scalarText(name, item))
    : isJsonObject(value)
      ? Object.entries(value).map(([key, held]) => `${key}=${scalarText(name, held)}`)
      : null
  if (lines === null) return scalarText(name, value)
  if (lines.every(line => !/[\r\n]/.test(line))) return lines.join('\n')
  throw new CommandError(
    `the configuration value "${name}" has a value of several lines, which only the environment can have`
  )
}

function scalarText(name: string, value: JsonValue): string {
  if (value === null) return ''
  if (!isJsonArray(value) && !isJsonObject(value)) return plainText(value)
  throw new CommandError(`the configuration value "${name}" is no text`)
}

function readSet(text: string): Entry {
  const split = text.indexOf('=')
  if (split < 1) throw new CommandError('--set-config needs NAME=VALUE, such as "Login=shared"')
  return [knownName(text.slice(0, split).trim(), '--set-config'), text.slice(split + 1)]
}

function knownName(given: string, where: string): string {
  const name = NAMES.find(known => known.toLowerCase() === given.toLowerCase())
  if (name !== undefined) return name
  const message = `${where}: there is no configuration value "${given}"`
  throw new CommandError(message + suggestion(nearest(given, NAMES)))
}
