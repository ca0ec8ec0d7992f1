import { ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Template, TemplateVariable } from '../model/template.ts'
import { RUN_DATE } from '../model/template.ts'
import type { ApiAccess } from './types.ts'

type Variables = Pick<ApiAccess, 'variables'>

/**
 * The text of a template. A variable without a value, or with a blank one, takes its fallback.
 *
 * @throws ConnectorError `VARIABLE_MISSING` for a variable with neither.
 */
export function templateText(template: Template, access: Variables): string {
  return template
    .map(part => (typeof part === 'string' ? part : variableText(part, access)))
    .join('')
}

/** The values of the variables of a template that are configured, and may be secrets. */
export function secretValues(template: Template, access: Variables): string[] {
  return template.flatMap(part =>
    typeof part === 'string' || part.variable === RUN_DATE
      ? []
      : (configuredValue(part.variable, access) ?? [])
  )
}

function variableText({ variable, fallback, place }: TemplateVariable, access: Variables): string {
  const text = configuredValue(variable, access) ?? fallback
  if (text === null) throw new ConnectorError('VARIABLE_MISSING', { variable, place })
  return text
}

function configuredValue(variable: string, { variables }: Variables): string | undefined {
  return ownMember(variables, variable) || undefined
}
