import type { ConnectorModel } from './connector-model.ts'
import type { Template } from './template.ts'

/** The names of all variables in the templates of a model: in bases of URLs, credentials and parameters. */
export function templateVariables({
  endpoints,
  mappings
}: Pick<ConnectorModel, 'endpoints' | 'mappings'>): ReadonlySet<string> {
  const names = new Set<string>()
  const note = (template: Template): void => {
    for (const part of template) if (typeof part !== 'string') names.add(part.variable)
  }
  for (const { server, security } of Object.values(endpoints)) {
    note(server.template ?? [])
    for (const scheme of security.flat()) if (scheme.kind === 'given') note(scheme.secret)
  }
  for (const source of Object.values(mappings).flatMap(bindingSources)) {
    if (source.from === 'template') for (const template of source.values) note(template)
  }
  return names
}

function bindingSources({ bindings }: ConnectorModel['mappings'][string]) {
  return bindings.flatMap(({ sources }) => sources)
}
