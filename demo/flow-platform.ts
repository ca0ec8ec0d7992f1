import type { HelpdeskCall } from './helpdesk-api.ts'

/** A property of a platform object. */
type PlatformProperty = {
  readonly developerName: string
  readonly contentValue?: string | null
  readonly objectData?: readonly PlatformObject[] | null
}

/** An object in the platform's form (docs/protocol.md#objects). */
export type PlatformObject = {
  readonly externalId: string | null
  readonly internalId?: string | null
  readonly developerName: string
  readonly properties: readonly PlatformProperty[]
}

/** What the connector answered: its status, and its body read as JSON. */
export type ConnectorAnswer = { readonly status: number; readonly body: ConnectorBody }

/** The members of the connector's answers that the demo reads. */
type ConnectorBody = {
  readonly objectData?: readonly PlatformObject[]
  readonly hasMoreResults?: boolean
  readonly configurationValues?: readonly {
    readonly developerName: string
    readonly isRequired: boolean
  }[]
  readonly install?: {
    readonly typeElements: readonly {
      readonly developerName: string
      readonly properties: readonly {
        readonly developerName: string
        readonly contentType: string
      }[]
      readonly bindings: readonly unknown[]
    }[]
  }
  readonly message?: string
  readonly remedy?: string
}

/** The user that runs the flow, as the platform sends it: percent-encoded, without a scheme. */
const USER = encodeURIComponent(
  'ManyWhoTenantId=7f0c2d4e-1111-4a6b-9a57-0c6f3b2e9d10&UserId=u-417&Username=ana' +
    '&FirstName=Ana&LastName=Ruiz&Email=ana@acme.example&Token=NONE'
)

/**
 * Simulates the flow platform: calls the connector and prints each request, the API calls that it caused, and
 * the answer.
 */
export function createFlowPlatform(options: {
  readonly connectorUrl: string
  readonly configuration: { readonly [name: string]: string }
  /** Returns the API calls since the last time. */
  readonly takeApiCalls: () => HelpdeskCall[]
  readonly tell: (line: string) => void
}) {
  const { connectorUrl, takeApiCalls, tell } = options
  let step = 0

  async function call(
    title: string,
    method: string,
    path: string,
    body: object,
    configured = true
  ): Promise<ConnectorAnswer> {
    step++
    tell('')
    tell(`${step}. ${title}`)
    tell(`   platform   ${method} ${path}`)
    for (const line of bodyLines(body)) tell(`              ${line}`)
    const configurationValues = configured ? configurationOf(options.configuration) : null
    const response = await fetch(`${connectorUrl}${path}`, {
      method,
      headers: { authorization: USER, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, configurationValues })
    })
    const answer = { status: response.status, body: await readBody(response) }
    const calls = takeApiCalls()
    for (const { method: verb, url, body: sent, status } of calls) {
      tell(`   API        ${verb} ${url} -> ${status}`)
      if (sent !== null && verb !== 'GET') tell(`              ${sent}`)
    }
    if (calls.length === 0) tell('   API        was not called')
    return answer
  }

  return {
    /** Asks which configuration values the connector has. */
    configure: () =>
      call('Configure: ask the connector what it needs', 'POST', '/metadata', {}, false),
    preview: () => call('Preview: which types would be installed', 'POST', '/metadata', {}),
    install: () => call('Install', 'POST', '/metadata/install', {}),
    load: (title: string, type: string, listFilter: object) =>
      call(title, 'POST', '/data', { objectDataType: { developerName: type }, listFilter }),
    save: (title: string, type: string, object: PlatformObject) =>
      call(title, 'PUT', '/data', {
        objectDataType: { developerName: type },
        objectData: [object]
      }),
    remove: (title: string, type: string, object: PlatformObject) =>
      call(title, 'POST', '/data/delete', {
        objectDataType: { developerName: type },
        objectData: [object]
      })
  }
}

async function readBody(response: Response): Promise<ConnectorBody> {
  return JSON.parse(await response.text())
}

function configurationOf(values: { readonly [name: string]: string }): object[] {
  return Object.entries(values).map(([developerName, contentValue]) => ({
    developerName,
    contentValue,
    contentType: null,
    objectData: null
  }))
}

/** The body without the configuration values, one member a line. */
function bodyLines(body: object): string[] {
  return Object.entries(body).map(([name, value]) => {
    const objects: unknown = name === 'objectData' ? value : undefined
    const text = isObjects(objects) ? objects.map(objectLine).join(', ') : JSON.stringify(value)
    return `${name}: ${text}`
  })
}

function isObjects(value: unknown): value is readonly PlatformObject[] {
  return Array.isArray(value)
}

/** An object on one line: its id, and its filled properties. */
export function objectLine({ externalId, properties }: PlatformObject): string {
  const filled = properties.flatMap(({ developerName, contentValue, objectData }) => {
    if (contentValue) return [`${developerName}=${contentValue}`]
    const nested = objectData ?? []
    if (nested.length === 0) return []
    return [`${developerName}=[${nested.map(nestedText).join(', ')}]`]
  })
  return `${externalId ?? 'new'}: ${filled.join(' · ')}`
}

function nestedText(object: PlatformObject): string {
  const value = object.properties.find(({ developerName }) => developerName === 'Value')
  if (value?.contentValue) return value.contentValue
  return object.properties.flatMap(({ contentValue }) => contentValue ?? []).join(' ')
}
