/**
 * What a configuration value is for, and how it is entered (docs/x-flow.md#configuration-values).
 *
 * @typedef {{
 *   hint: string,
 *   kind?: 'lines',
 *   options?: readonly (readonly [value: string, text: string])[]
 * }} ValueHelp
 */

/** @type {readonly { readonly title: string, readonly values: Readonly<Record<string, ValueHelp>> }[]} */
export const VALUE_GROUPS = [
  {
    title: 'Credentials',
    values: {
      'API Key': { hint: 'Sent where the document says that an API key goes.' },
      'Bearer Token': { hint: 'Sent as Authorization: Bearer.' },
      'Basic: Username': { hint: 'For HTTP basic authentication.' },
      'Basic: Password': { hint: 'For HTTP basic authentication.' },
      'OAuth2/OIDC: Client Id': { hint: 'Of the connector at the identity provider.' },
      'OAuth2/OIDC: Client Secret': { hint: 'Of the connector at the identity provider.' },
      Login: {
        hint: 'Whose credentials the API gets.',
        options: [
          ['', 'user: those of the user who is logged in, by default'],
          ['user', 'user: those of the user who is logged in'],
          ['shared', 'shared: those above, whoever is logged in']
        ]
      }
    }
  },
  {
    title: 'Document',
    values: {
      'Schema Token': { hint: 'Bearer token for the URLs of the document and of its overlays.' },
      'Overlay URL': {
        kind: 'lines',
        hint: 'Addresses of overlays, one on each line, or the text of one overlay.'
      },
      Inference: {
        hint: 'Whether types are inferred from endpoints.',
        options: [
          ['', 'auto: if the document has no x-flow keys, by default'],
          ['auto', 'auto: if the document has no x-flow keys'],
          ['on', 'on: beside those that the document names'],
          ['off', 'off: only what the document names']
        ]
      },
      Include: {
        kind: 'lines',
        hint: 'Patterns of the operations that are used, one per line: /pets/**, tag:pets.'
      },
      Exclude: {
        kind: 'lines',
        hint: 'Patterns of the operations that are not used, one per line.'
      }
    }
  },
  {
    title: 'Calls',
    values: {
      Responses: {
        hint: 'Who answers: the API, or the examples of the document.',
        options: [
          ['', 'live: the API, by default'],
          ['live', 'live: the API'],
          ['example', 'example: the document']
        ]
      },
      'Server URL': { hint: 'Scheme, host and path in place of the servers of the document.' },
      'Server Variables': { kind: 'lines', hint: 'Lines of name=value.' },
      'Allowed Hosts': {
        kind: 'lines',
        hint: 'Hosts that may receive credentials, one per line: api.example.com, *.example.com.'
      },
      Variables: { kind: 'lines', hint: 'Lines of NAME=value for $Var.NAME and for manifests.' }
    }
  }
]
