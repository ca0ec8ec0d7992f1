import { ALL_PATH_METHODS, PATH_METHODS } from './path-methods.ts'
import type { Rule, KeyRule, ObjectRules, MembersFrom } from './structure-rules.ts'
import {
  ANY,
  TEXT,
  BOOLEAN,
  words,
  list,
  map,
  object,
  referable,
  schemaRule
} from './structure-rules.ts'
import { schemaRules } from './schema-grammar.ts'

const PATH_KEYS: KeyRule = {
  fits: /^\//,
  wanted: 'begin with a slash',
  hasExtensions: true
}
const STATUS_KEYS: KeyRule = {
  fits: /^(?:[1-5](?:\d\d|XX)|default)$/,
  wanted: 'be a status such as 200, a range such as 2XX, or `default`',
  hasExtensions: true
}
const COMPONENT_KEYS: KeyRule = {
  fits: /^[\w.-]+$/,
  wanted: 'have only letters, digits, `.`, `-` and `_`'
}
/** Methods that a path item of OpenAPI 3.2 has no member of its own for. */
const FURTHER_METHODS: KeyRule = {
  fits: /^(?!(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE|QUERY)$)[\w!#$%&'*+.^`|~-]+$/,
  wanted: 'be a method that has no member of its own'
}

/** A map of expressions may also be a reference. */
const EXPRESSION_KEYS: KeyRule = {
  fits: /^(?!\$ref$)/,
  wanted: 'be expressions',
  hasExtensions: true
}

/** The objects of OpenAPI 3.0, 3.1 and 3.2 (OpenAPI 4.8). @param minor The second number of the version. */
export function objectRules(minor: number): ObjectRules {
  const from: MembersFrom = (first, members) => (minor >= first ? members : {})
  const schema = schemaRule(minor)
  const described = { summary: TEXT, description: TEXT }
  const servers = list(object('server'))
  const content = map(minor < 2 ? object('mediaType') : referable('mediaType'))
  const examples = map(referable('example'))
  const scopes = map(TEXT)
  const callback = map(object('pathItem'), EXPRESSION_KEYS)
  const components = (of: Rule): Rule => map(of, COMPONENT_KEYS)
  const operations = minor >= 2 ? ALL_PATH_METHODS : PATH_METHODS
  const parameterMembers = {
    description: TEXT,
    required: BOOLEAN,
    deprecated: BOOLEAN,
    allowEmptyValue: BOOLEAN,
    explode: BOOLEAN,
    allowReserved: BOOLEAN,
    schema,
    content,
    example: ANY,
    examples
  }
  return {
    document: {
      name: 'document',
      members: {
        openapi: TEXT,
        info: object('info'),
        externalDocs: object('externalDocs'),
        servers,
        security: list(map(list(TEXT))),
        tags: list(object('tag')),
        paths: map(object('pathItem'), PATH_KEYS),
        components: object('components'),
        ...from(1, { jsonSchemaDialect: TEXT, webhooks: map(referable('pathItem')) }),
        ...from(2, { $self: TEXT })
      },
      required: minor === 0 ? ['openapi', 'info', 'paths'] : ['openapi', 'info']
    },
    info: {
      name: '`info`',
      members: {
        title: TEXT,
        description: TEXT,
        termsOfService: TEXT,
        contact: object('contact'),
        license: object('license'),
        version: TEXT,
        ...from(1, { summary: TEXT })
      },
      required: ['title', 'version']
    },
    contact: { name: 'contact', members: { name: TEXT, url: TEXT, email: TEXT } },
    license: {
      name: 'license',
      members: { name: TEXT, url: TEXT, ...from(1, { identifier: TEXT }) },
      required: ['name'],
      exclusive: [['url', 'identifier']]
    },
    server: {
      name: 'server',
      members: {
        url: TEXT,
        description: TEXT,
        variables: map(object('serverVariable')),
        ...from(2, { name: TEXT })
      },
      required: ['url']
    },
    serverVariable: {
      name: 'server variable',
      members: { enum: list(TEXT, minor === 0 ? 0 : 1), default: TEXT, description: TEXT },
      required: ['default']
    },
    components: {
      name: '`components`',
      members: {
        schemas: components(schema),
        responses: components(referable('response')),
        parameters: components(referable('parameter')),
        examples: components(referable('example')),
        requestBodies: components(referable('requestBody')),
        headers: components(referable('header')),
        securitySchemes: components(referable('securityScheme')),
        links: components(referable('link')),
        callbacks: components(callback),
        ...from(1, { pathItems: components(object('pathItem')) }),
        ...from(2, { mediaTypes: components(referable('mediaType')) })
      }
    },
    pathItem: {
      name: 'path item',
      members: {
        $ref: TEXT,
        ...described,
        servers,
        parameters: list(referable('parameter')),
        ...Object.fromEntries(operations.map(method => [method, object('operation')])),
        ...from(2, { additionalOperations: map(object('operation'), FURTHER_METHODS) })
      }
    },
    operation: {
      name: 'operation',
      members: {
        tags: list(TEXT),
        ...described,
        externalDocs: object('externalDocs'),
        operationId: TEXT,
        parameters: list(referable('parameter')),
        requestBody: referable('requestBody'),
        responses: map(referable('response'), STATUS_KEYS),
        callbacks: map(callback),
        deprecated: BOOLEAN,
        security: list(map(list(TEXT))),
        servers
      },
      required: minor === 0 ? ['responses'] : []
    },
    externalDocs: {
      name: '`externalDocs`',
      members: { description: TEXT, url: TEXT },
      required: ['url']
    },
    parameter: {
      name: 'parameter',
      members: {
        name: TEXT,
        in: words(['path', 'query', 'header', 'cookie', ...(minor >= 2 ? ['querystring'] : [])]),
        style: words([
          'matrix',
          'label',
          'form',
          'simple',
          'spaceDelimited',
          'pipeDelimited',
          'deepObject',
          ...(minor >= 2 ? ['cookie'] : [])
        ]),
        ...parameterMembers
      },
      required: ['name', 'in'],
      exclusive: [
        ['example', 'examples'],
        ['schema', 'content']
      ]
    },
    header: {
      name: 'header',
      members: { style: words(['simple']), ...parameterMembers },
      exclusive: [
        ['example', 'examples'],
        ['schema', 'content']
      ]
    },
    requestBody: {
      name: 'request body',
      members: { description: TEXT, content, required: BOOLEAN },
      required: ['content']
    },
    mediaType: {
      name: 'media type',
      members: {
        schema,
        example: ANY,
        examples,
        encoding: map(object('encoding')),
        ...from(2, {
          description: TEXT,
          itemSchema: schema,
          prefixEncoding: list(object('encoding')),
          itemEncoding: object('encoding')
        })
      },
      exclusive: [['example', 'examples']]
    },
    encoding: {
      name: 'encoding',
      members: {
        contentType: TEXT,
        headers: map(referable('header')),
        style: words(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']),
        explode: BOOLEAN,
        allowReserved: BOOLEAN,
        ...from(2, {
          encoding: map(object('encoding')),
          prefixEncoding: list(object('encoding')),
          itemEncoding: object('encoding')
        })
      }
    },
    response: {
      name: 'response',
      members: {
        description: TEXT,
        headers: map(referable('header')),
        content,
        links: map(referable('link')),
        ...from(2, { summary: TEXT })
      },
      required: minor < 2 ? ['description'] : []
    },
    example: {
      name: 'example',
      members: {
        ...described,
        value: ANY,
        externalValue: TEXT,
        ...from(2, { dataValue: ANY, serializedValue: TEXT })
      },
      exclusive: [
        ['value', 'externalValue'],
        ['value', 'dataValue'],
        ['value', 'serializedValue'],
        ['serializedValue', 'externalValue']
      ]
    },
    link: {
      name: 'link',
      members: {
        operationRef: TEXT,
        operationId: TEXT,
        parameters: map(ANY),
        requestBody: ANY,
        description: TEXT,
        server: object('server')
      },
      exclusive: [['operationRef', 'operationId']]
    },
    tag: {
      name: 'tag',
      members: {
        name: TEXT,
        description: TEXT,
        externalDocs: object('externalDocs'),
        ...from(2, { summary: TEXT, parent: TEXT, kind: TEXT })
      },
      required: ['name']
    },
    securityScheme: {
      name: 'security scheme',
      members: {
        type: words([
          'apiKey',
          'http',
          'oauth2',
          'openIdConnect',
          ...(minor >= 1 ? ['mutualTLS'] : [])
        ]),
        description: TEXT,
        name: TEXT,
        in: words(['query', 'header', 'cookie']),
        scheme: TEXT,
        bearerFormat: TEXT,
        flows: object('flows'),
        openIdConnectUrl: TEXT,
        ...from(2, { oauth2MetadataUrl: TEXT, deprecated: BOOLEAN })
      },
      required: ['type']
    },
    flows: {
      name: '`flows`',
      members: {
        implicit: object('authorizationFlow'),
        password: object('tokenFlow'),
        clientCredentials: object('tokenFlow'),
        authorizationCode: object('codeFlow'),
        ...from(2, { deviceAuthorization: object('deviceFlow') })
      }
    },
    authorizationFlow: {
      name: 'flow',
      members: { authorizationUrl: TEXT, refreshUrl: TEXT, scopes },
      required: ['authorizationUrl', 'scopes']
    },
    tokenFlow: {
      name: 'flow',
      members: { tokenUrl: TEXT, refreshUrl: TEXT, scopes },
      required: ['tokenUrl', 'scopes']
    },
    codeFlow: {
      name: 'flow',
      members: { authorizationUrl: TEXT, tokenUrl: TEXT, refreshUrl: TEXT, scopes },
      required: ['authorizationUrl', 'tokenUrl', 'scopes']
    },
    deviceFlow: {
      name: 'flow',
      members: { deviceAuthorizationUrl: TEXT, tokenUrl: TEXT, refreshUrl: TEXT, scopes },
      required: ['deviceAuthorizationUrl', 'tokenUrl', 'scopes']
    },
    ...schemaRules(minor)
  }
}
