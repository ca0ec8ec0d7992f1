import type { PreviewResponse } from '../../service/protocol/schemas.ts'

/** A document with a type `Lamp` and further schemas. */
export function documentWith(...schemas: readonly string[]): string {
  return `
openapi: 3.0.3
info: { title: Lamps, version: '1' }
servers: [{ url: 'https://lamps.example.com' }]
paths:
  /lamps: { get: { responses: { '200': { description: Some } } } }
components:
  schemas:
    Lamp:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Lamp }
      x-flow-query: { path: /lamps }
${schemas.join('\n').replaceAll(/^/gm, '    ')}
`
}

/** A schema of the type `name` whose property `at` is a reference. */
export function referring(name: string, $ref: string): string {
  return `${name}: { type: object, x-flow-type: { name: ${name} }, properties: { at: { $ref: '${$ref}' } } }`
}

/** The properties of a type, as `name ContentType`, followed by the type of an object or a list. */
export function propertiesOf({ types }: PreviewResponse, name: string): string[] {
  const type = types.find(({ developerName }) => developerName === name)
  return (type?.properties ?? []).map(property =>
    [property.developerName, property.contentType, property.typeElementDeveloperName]
      .filter(word => word !== null)
      .join(' ')
  )
}

/** Diagnostics other than information, as `path:line:column CODE pointer`. */
export function diagnosticsOf({ diagnostics }: PreviewResponse): string[] {
  return diagnostics
    .filter(({ severity }) => severity !== 'info')
    .map(
      ({ file, line, column, code, pointer }) =>
        `${new URL(file).pathname}:${line}:${column} ${code} ${pointer}`
    )
}
