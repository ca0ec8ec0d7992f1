import type { CommandOption } from '../command.ts'
import { DATE } from './date-option.ts'

export const CONFIG: CommandOption = {
  name: '--config',
  value: 'FILE',
  does: 'reads configuration values from a file in YAML or JSON, such as `API Key: abc`'
}
export const SET_CONFIG: CommandOption = {
  name: '--set-config',
  value: 'NAME=VALUE',
  repeats: true,
  does: 'sets one configuration value'
}

/** The options of every command that calls an API. */
export const CONFIGURATION_OPTIONS: readonly CommandOption[] = [CONFIG, SET_CONFIG, DATE]
