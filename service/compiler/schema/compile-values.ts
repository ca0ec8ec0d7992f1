import { plainText } from '../../base/json.ts'
import { USUAL_ACCEPT, USUAL_CONDUCT } from '../../model/endpoint-record.ts'
import { ANNOTATED } from '../../model/mapping-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { CompiledMapping } from '../endpoint/compile-mapping.ts'
import { componentKey } from './compile-choice.ts'
import { textProperty } from './compile-properties.ts'
import type { TypeDraft } from './compile-types.ts'
import { shortName } from './short-name.ts'
import { viewItems, viewSchema } from './view-schema.ts'

/** A type whose objects are the allowed values of a schema. */
export type ValuesType = { readonly type: TypeRecord; readonly mapping: CompiledMapping }

/**
 * Makes a type `<name> values` of every `enum` of a named type's property, or `oneOf` of `const` and `title`, so that a builder can load
 * its values into a drop-down (docs/x-flow.md#enum-values). The name is the component's, else
 * `Type:property`. Its query answers from the document; nothing is called.
 */
export function compileValues(
  compilation: Compilation,
  drafts: readonly TypeDraft[],
  taken: ReadonlySet<string>
): ValuesType[] {
  const found = new Map<string, ValuesType>()
  for (const draft of drafts.filter(({ named }) => named !== null)) {
    for (const [key, located] of draft.view?.properties ?? []) {
      const view = viewSchema(compilation, located)
      const isList = view?.kind === 'array' && view.items !== null
      const item = isList ? viewItems(compilation, view) : view
      const allowed = item?.allowed ?? []
      if (item === undefined || allowed.length < 2) continue
      const wanted = `${componentKey(compilation, item.at) ?? `${draft.name}:${key}`} values`
      const name = shortName(wanted)
      const lower = name.toLowerCase()
      if (found.has(lower) || taken.has(lower) || !compilation.afford(allowed.length)) continue
      if (name !== wanted) {
        compilation.report.add('NAME_SHORTENED', item.at, { name, given: wanted })
      }
      const values = [...new Set(allowed.map(plainText))]
      found.set(lower, valuesType(name, item.at, values, item.titles))
    }
  }
  return [...found.values()]
}

function valuesType(
  name: string,
  at: string,
  values: readonly string[],
  titles: ReadonlyMap<string, string>
): ValuesType {
  const key = `query:${name}`
  // No method is in lower case, so that no endpoint of the document has this key.
  const endpoint = `values ${at}`
  const body = values.map(value => ({ Value: value, Title: titles.get(value) ?? value }))
  return {
    type: {
      name,
      summary: `Allowed values: ${values.slice(0, 10).join(', ')}${values.length > 10 ? ', …' : ''}`,
      form: 'object',
      properties: [textProperty('Value'), textProperty('Title')],
      choices: [],
      identity: { composite: null, candidates: [['Value']] },
      toldIds: [],
      hasRequired: true,
      mappings: { query: key },
      pointer: at
    },
    mapping: {
      record: {
        key,
        verb: 'query',
        type: name,
        endpoint,
        pointer: at,
        bindings: [],
        body: null,
        records: { at: 'path', path: '' },
        answer: { list: null, saved: null },
        batchSize: null,
        blank: null,
        merge: 'never',
        paging: null,
        example: { response: null, name: null },
        origin: ANNOTATED
      },
      endpoint: {
        record: {
          key: endpoint,
          pointer: at,
          method: 'GET',
          path: locationText(at),
          server: { url: '/', variables: {} },
          security: [],
          sendsByName: false,
          apiKeySchemes: [],
          parameters: [],
          body: null,
          accept: USUAL_ACCEPT,
          answersJson: true,
          conduct: USUAL_CONDUCT,
          failure: 'guessed'
        },
        example: { status: '200', answers: { 200: { named: {}, body } } },
        given: new Map(),
        primary: undefined
      },
      example: null,
      foreign: null,
      other: null
    }
  }
}
