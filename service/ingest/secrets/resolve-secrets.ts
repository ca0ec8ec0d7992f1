import type { Form } from '../../base/form.ts'
import { isJsonObject } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import { ConnectorError } from '../../errors.ts'
import { knownMembers } from '../../parse/extensions.ts'
import type { WorkflowFile } from '../workflow/workflow-form.ts'
import { WorkflowForm } from '../workflow/workflow-form.ts'
import type { SecretLookup } from './local-secrets.ts'
import { variableOf } from './local-secrets.ts'

const PREFIX = 'secret:'

/**
 * Replaces each `secret:NAME` of a workflow file by its secret (docs/catalog.md#secrets). Only members that may hold a
 * secret are looked at.
 *
 * @throws ConnectorError `SECRET_UNKNOWN`; those of the look-up.
 */
export async function resolveSecrets(
  file: WorkflowFile,
  lookUp: SecretLookup
): Promise<WorkflowFile> {
  const resolved = await replaceIn(WorkflowForm, file, lookUp)
  if (fits(WorkflowForm, resolved)) return resolved
  throw new ConnectorError('INTERNAL')
}

async function replaceIn(form: Form, value: unknown, lookUp: SecretLookup): Promise<unknown> {
  if (typeof value === 'string' && form.secret === true && value.startsWith(PREFIX)) {
    return secretOf(value.slice(PREFIX.length).trim(), lookUp)
  }
  const known = knownMembers(form)
  if (known === null || !isJsonObject(value)) return value
  const entries = Object.entries(value).map(async ([name, held]) => {
    const member = Object.hasOwn(known, name) ? known[name] : undefined
    return [name, await replaceIn(member ?? {}, held, lookUp)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function secretOf(name: string, lookUp: SecretLookup): Promise<string> {
  const secret = await lookUp(name)
  if (secret !== null) return secret
  throw new ConnectorError('SECRET_UNKNOWN', { name, variable: variableOf(name) })
}
