/**
 * What each configuration value is for (docs/x-flow.md#configuration-values), in the groups of the form.
 *
 * @typedef {{
 *   title: string,
 *   fields: readonly {
 *     name: string,
 *     hint: string,
 *     kind?: 'text' | 'password' | 'lines' | 'secret lines' | 'choice',
 *     options?: readonly string[]
 *   }[]
 * }} ConfigurationGroup
 */

/** @type {readonly ConfigurationGroup[]} */
export const CONFIGURATION_GROUPS = [
  {
    title: 'Document',
    fields: [
      {
        name: 'Schema Token',
        kind: 'password',
        hint: 'Bearer token for the URL of the document and those of its overlays.'
      },
      {
        name: 'Overlay URL',
        kind: 'lines',
        hint: 'Addresses of overlays, one on each line, or the text of one overlay.'
      },
      {
        name: 'Inference',
        kind: 'choice',
        options: ['auto', 'on', 'off'],
        hint: 'Whether types and mappings are inferred where the document has no keys.'
      },
      {
        name: 'Include',
        kind: 'lines',
        hint: 'Operations that are used, one pattern on each line: /pets, tag:pets.'
      },
      {
        name: 'Exclude',
        kind: 'lines',
        hint: 'Operations that are not used, one pattern on each line.'
      }
    ]
  },
  {
    title: 'Credentials',
    fields: [
      {
        name: 'API Key',
        kind: 'password',
        hint: 'For APIs with a key in a header, a query parameter or a cookie.'
      },
      { name: 'Bearer Token', kind: 'password', hint: 'For APIs with bearer authentication.' },
      { name: 'Basic: Username', hint: 'For APIs with basic authentication.' },
      { name: 'Basic: Password', kind: 'password', hint: 'Beside Basic: Username.' },
      { name: 'OAuth2/OIDC: Client Id', hint: 'Of the connector at the identity provider.' },
      {
        name: 'OAuth2/OIDC: Client Secret',
        kind: 'password',
        hint: 'Beside OAuth2/OIDC: Client Id.'
      },
      {
        name: 'Login',
        kind: 'choice',
        options: ['user', 'shared'],
        hint: 'shared: configured credentials take precedence over those of the user.'
      }
    ]
  },
  {
    title: 'Calls',
    fields: [
      {
        name: 'Responses',
        kind: 'choice',
        options: ['live', 'example'],
        hint: 'example: every mapping is answered from the document.'
      },
      {
        name: 'Server URL',
        hint: 'Scheme, host and path that override every server of the document.'
      },
      {
        name: 'Server Variables',
        kind: 'lines',
        hint: 'Lines of name=value for the variables of the servers.'
      },
      {
        name: 'Allowed Hosts',
        kind: 'lines',
        hint: 'Hosts that may receive credentials, one on each line.'
      },
      {
        name: 'Variables',
        kind: 'secret lines',
        hint: 'Lines of NAME=value for $Var.NAME and for templates of manifests.'
      }
    ]
  }
]
