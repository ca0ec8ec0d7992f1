import type { PackedJson } from '../model/packed-model.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type {
  ConfigurationValueDescription,
  ConnectorDescription,
  ConnectorPreview,
  TypeDetails
} from '../operations/types.ts'
import type { DescribeServiceResponse, TypeElement } from './schemas.ts'
import type { TypeAnswer } from './type-schemas.ts'

type DescribeValue = DescribeServiceResponse['configurationValues'][number]

/** Types as JSON text, sorted by name; properties keep the order of the document. */
export function describeTypes(types: readonly TypeRecord[]): string {
  return JSON.stringify(types.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(typeElement))
}

/**
 * JSON text in UTF-8, in pieces to concatenate: the types are written once per document, not per answer, and are
 * unpacked as they are read.
 */
export type JsonPieces = readonly (Uint8Array | PackedJson)[]

/** The answer of `/metadata`, a `DescribeServiceResponse`. */
export function writeDescription(description: ConnectorDescription): JsonPieces {
  return [...openDescription(description), CLOSE]
}

/** The answer of `/metadata/install`, an `InstallResponse`. */
export function writeInstallation(description: ConnectorDescription): JsonPieces {
  const types = typesOf(description)
  const copies = ['types', 'typeElements'].flatMap(name => [Buffer.from(`,"${name}":`), types])
  return [...openDescription(description), ...copies, CLOSE]
}

/** The answer of `/preview`, a `PreviewResponse`. */
export function writePreview(preview: ConnectorPreview): JsonPieces {
  const { mappings, diagnostics } = preview
  const members = JSON.stringify({ actions: [], mappings, diagnostics }).slice(1)
  return [Buffer.from('{"types":'), typesOf(preview), Buffer.from(`,${members}`)]
}

/** The answer of `/preview/type`, a `TypeAnswer`. */
export function writeTypeDetails(details: TypeDetails): Buffer {
  const answer: TypeAnswer = {
    ...details,
    id: { ...details.id, paths: [...details.id.paths] },
    properties: [...details.properties],
    mappings: details.mappings.map(mapping => ({
      ...mapping,
      origin: { ...mapping.origin, reasons: [...mapping.origin.reasons] },
      parameters: mapping.parameters.map(({ sources, ...rest }) => ({
        ...rest,
        sources: [...sources]
      }))
    }))
  }
  return Buffer.from(JSON.stringify(answer))
}

const CLOSE = Buffer.from('}')

/** A description without its closing brace. */
function openDescription(description: ConnectorDescription): JsonPieces {
  const head: Omit<DescribeServiceResponse, 'install'> = {
    culture: null,
    providesDatabase: true,
    providesLogic: false,
    providesIdentity: description.providesIdentity,
    providesFiles: false,
    providesViews: false,
    providesSocial: false,
    providesAutoBinding: false,
    providesListening: false,
    providesNotifications: false,
    providesSmartSave: false,
    providesSharing: false,
    providesVoting: false,
    configurationValues: description.configurationValues.map(describeValue),
    actions: []
  }
  const open = `${JSON.stringify(head).slice(0, -1)},"install":{"typeElements":`
  return [Buffer.from(open), typesOf(description), CLOSE]
}

function typesOf({ types }: ConnectorDescription): JsonPieces[number] {
  return isTypes(types) ? Buffer.from(describeTypes(types)) : types
}

function isTypes(types: ConnectorDescription['types']): types is readonly TypeRecord[] {
  return Array.isArray(types)
}

/** Sends the flag and the position under both the older and the newer name. */
function describeValue(value: ConfigurationValueDescription, index: number): DescribeValue {
  return {
    developerName: value.name,
    contentType: value.content,
    contentValue: value.default,
    typeElementDeveloperName: null,
    isRequired: value.required,
    required: value.required,
    order: index,
    ordinal: index
  }
}

function typeElement(type: TypeRecord): TypeElement {
  return {
    elementType: 'TYPE',
    id: null,
    serviceElementId: null,
    developerName: type.name,
    developerSummary: type.summary,
    updateByName: false,
    properties: type.properties.map(property => ({
      id: null,
      developerName: property.name,
      contentType: property.content,
      contentFormat: null,
      typeElementId: null,
      typeElementDeveloperName: typeOfValue(property)
    })),
    bindings: Object.keys(type.mappings).length === 0 ? [] : [binding(type)]
  }
}

function typeOfValue({ value }: PropertyRecord): string | null {
  return value.form === 'scalar' ? null : value.type
}

/** Tables and fields have the names of the type and its properties (docs/protocol.md#types). */
function binding(type: TypeRecord): TypeElement['bindings'][number] {
  return {
    id: null,
    serviceElementId: null,
    developerName: type.name,
    developerSummary: type.summary,
    databaseTableName: type.name,
    propertyBindings: type.properties.map(({ name }) => ({
      databaseFieldName: name,
      typeElementPropertyDeveloperName: name,
      typeElementPropertyId: null,
      databaseContentType: null
    }))
  }
}
