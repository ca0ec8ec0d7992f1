import type { ConnectorModel } from '../../model/connector-model.ts'
import { RUN_DATE } from '../../model/template.ts'
import { templateVariables } from '../../model/template-variables.ts'
import type { ApiAccess } from '../../plan/types.ts'
import type { Terminal } from '../terminal.ts'

/**
 * The values of `{{ env.NAME }}` in the environment of a command (docs/pipelines.md#templates): of those variables only
 * that the manifest names. A document other than a manifest names none. The date of a run is none of them.
 */
export function environmentVariables(
  model: ConnectorModel,
  environment: Terminal['environment']
): ApiAccess['variables'] {
  const named = [...templateVariables(model)].filter(name => name !== RUN_DATE)
  const found = named.flatMap(name => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}
