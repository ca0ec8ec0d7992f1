import type { PropertyRecord, TypeRecord } from '../model/types.ts'
import type { ConfigurationValueDescription, ConnectorDescription } from '../operations/types.ts'
import type {
  DescribeServiceResponse,
  InstallResponse,
  PreviewResponse,
  TypeElement
} from './schemas.ts'

type DescribeValue = DescribeServiceResponse['configurationValues'][number]

/** The answer of `/metadata` (protocol 3.3). */
export function writeDescription(description: ConnectorDescription): DescribeServiceResponse {
  return {
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
    actions: [],
    install: { typeElements: typeElements(description.types) }
  }
}

/** The answer of `/metadata/install`: the types stand at every place where a platform looks (3.1). */
export function writeInstallation(description: ConnectorDescription): InstallResponse {
  const answer = writeDescription(description)
  const { typeElements } = answer.install
  return { ...answer, types: typeElements, typeElements }
}

/** The answer of `/preview` (design 5). */
export function writePreview(description: ConnectorDescription): PreviewResponse {
  return {
    types: typeElements(description.types),
    actions: [],
    diagnostics: [...description.diagnostics]
  }
}

/** Old and new names of the flag and the position go out both (protocol 13). */
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

/** Types sorted by name, their properties in the document's order (protocol 4.4). */
function typeElements(types: readonly TypeRecord[]): TypeElement[] {
  return types.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(typeElement)
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

/** Tables and fields are called as the type and its properties are (protocol 0.5, 4.3). */
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
