import { isSecretName } from '../base/secret-name.ts'
import type { ConnectorModel } from './connector-model.ts'
import type { BindingRecord } from './mapping-record.ts'
import type { Template } from './template.ts'

/** Headers of credentials that are not called as secrets are. */
const CREDENTIAL_HEADER = /^(authorization|cookie)$/i

type TemplateModel = Pick<ConnectorModel, 'endpoints' | 'mappings'>

/** The names of all variables in the templates of a model: in bases of URLs, credentials and parameters. */
export function templateVariables(model: TemplateModel): ReadonlySet<string> {
  const secrets = Object.values(model.endpoints)
    .flatMap(({ security }) => security.flat())
    .flatMap(scheme => (scheme.kind === 'given' ? [scheme.secret] : []))
  return namesIn([...secrets, ...basesOf(model), ...bindingsOf(model).flatMap(templatesOf)])
}

/** The same without those of credentials: what decides which rows a call asks for. */
export function plainVariables(model: TemplateModel): ReadonlySet<string> {
  const plain = bindingsOf(model).filter(
    ({ name }) => !isSecretName(name) && !CREDENTIAL_HEADER.test(name)
  )
  return namesIn([...basesOf(model), ...plain.flatMap(templatesOf)])
}

function namesIn(templates: readonly Template[]): ReadonlySet<string> {
  const variables = templates.flat().filter(part => typeof part !== 'string')
  return new Set(variables.map(({ variable }) => variable))
}

function basesOf({ endpoints }: TemplateModel): readonly Template[] {
  return Object.values(endpoints).flatMap(({ server }) =>
    server.template ? [server.template] : []
  )
}

function bindingsOf({ mappings }: TemplateModel): readonly BindingRecord[] {
  return Object.values(mappings).flatMap(({ bindings }) => bindings)
}

function templatesOf({ sources }: BindingRecord): readonly Template[] {
  return sources.flatMap(source => (source.from === 'template' ? source.values : []))
}
