/** An entry about a request that failed. `{holes}` take values of the request or the document. */
export type ProblemEntry = {
  readonly status: number
  readonly message: string
  readonly remedy: string
}

/** An entry about a diagnostic in a document. */
export type DiagnosticEntry = {
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly remedy: string
  /** The heading of the docs that says what is right: its page and anchor. */
  readonly see: string
}

/**
 * Every way in which a request can fail (docs/errors.md#problems). Callers match on the code, never on the
 * text. A hole never takes a secret or a body.
 */
export const PROBLEMS = {
  CONFIG_REQUIRED: {
    status: 400,
    message: 'configuration value "{name}" is required',
    remedy: 'Set "{name}" in the configuration values of the connector.'
  },
  CONFIG_INVALID: {
    status: 400,
    message: 'configuration value "{name}" is invalid: {reason}',
    remedy: 'Set "{name}" to {allowed}.'
  },
  CONFIG_TOO_LARGE: {
    status: 400,
    message: 'configuration value "{name}" is longer than {limit} bytes',
    remedy: 'Shorten "{name}", or raise CONFIG_VALUE_MAX_BYTES.'
  },
  SAMPLE_UNKNOWN: {
    status: 400,
    message: 'there is no bundled sample named "{sample}"',
    remedy: 'Use one of: {known}.'
  },
  ROUTE_UNKNOWN: {
    status: 404,
    message: 'there is no route {method} {path}',
    remedy:
      "Check the method and the connector's URL. `GET /health` answers when the connector can be reached."
  },
  DOOR_CLOSED: {
    status: 401,
    message: 'the request carries no valid credentials for the connector',
    remedy:
      "In the platform, set the connector's user name and password, or use a connector URL that ends in `/k/<token>`."
  },
  BODY_NOT_JSON: {
    status: 400,
    message: 'the request body is not JSON',
    remedy: 'Send JSON in UTF-8 with the content type application/json.'
  },
  BODY_INVALID: {
    status: 400,
    message: 'the request body is invalid at {pointer}: {expected}',
    remedy: 'Send a body as docs/protocol.md#requests-and-answers describes it.'
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: 'the request body is larger than {limit} bytes',
    remedy: 'Send fewer objects at a time, or raise REQUEST_MAX_BYTES.'
  },
  BODY_TOO_DEEP: {
    status: 400,
    message: 'the request body is nested more than {limit} levels deep',
    remedy: 'Flatten the filter or the objects, or raise REQUEST_MAX_DEPTH.'
  },
  BODY_TOO_MANY_VALUES: {
    status: 413,
    message: 'the request body has more than {limit} {what}',
    remedy: 'Send fewer objects at a time, or raise REQUEST_MAX_VALUES.'
  },
  OBJECTS_TOO_MANY: {
    status: 413,
    message: 'the request has {count} objects, more than {limit}',
    remedy: 'Send fewer objects at a time, or raise REQUEST_MAX_OBJECTS.'
  },
  OBJECT_TOO_LARGE: {
    status: 413,
    message:
      'object {index} of the request, counted from 0, has more than {limit} properties and nested objects',
    remedy: 'Send smaller objects, or raise OBJECT_MAX_PROPERTIES.'
  },
  PROPERTY_TOO_LARGE: {
    status: 413,
    message:
      'object {index} of the request, counted from 0, has a value of more than {limit} bytes',
    remedy: 'Send shorter values, or raise PROPERTY_MAX_BYTES.'
  },
  BODIES_FULL: {
    status: 503,
    message: 'the bodies of the requests under way fill the {limit} bytes that they may take',
    remedy:
      'Try again shortly, or send smaller bodies. If this happens often, raise BODIES_MAX_BYTES.'
  },
  FETCHES_FULL: {
    status: 503,
    message: 'the documents that are being fetched fill the {limit} bytes that they may take',
    remedy: 'Try again shortly. If this happens often, raise FETCHES_MAX_BYTES.'
  },
  ANSWERS_FULL: {
    status: 503,
    message: 'the answers of APIs that are being read fill the {limit} bytes that they may take',
    remedy:
      'Try again shortly, or ask for fewer objects at a time. If this happens often, raise ANSWERS_MAX_BYTES.'
  },
  REQUEST_MALFORMED: {
    status: 400,
    message: 'the request is not a complete HTTP/1.1 request',
    remedy: 'Send a complete HTTP/1.1 request.'
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'the request did not arrive in time',
    remedy: 'Send the whole request without pauses.'
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: 'the request has too many headers, or more than {limit} bytes of them',
    remedy: 'Send fewer or shorter headers.'
  },
  TENANT_RATE_LIMITED: {
    status: 429,
    message: 'the tenant exceeded its limit of {limit} requests per second',
    remedy: 'Try again in {seconds} s, or raise TENANT_REQUESTS_PER_SECOND.'
  },
  DOOR_RATE_LIMITED: {
    status: 429,
    message:
      'the tenants of these connector credentials exceeded their limit of {limit} requests per second',
    remedy: 'Try again in {seconds} s, or raise DOOR_REQUESTS_PER_SECOND.'
  },
  TENANT_BUSY: {
    status: 503,
    message: '{limit} requests of this tenant are already queued',
    remedy: 'Try again shortly. If this happens often, raise MAX_IN_FLIGHT or run more instances.'
  },
  SERVICE_BUSY: {
    status: 503,
    message: '{limit} requests are already queued, as many as WAITING_MAX allows',
    remedy: 'Try again shortly. If this happens often, run more instances.'
  },
  OVERLOADED: {
    status: 503,
    message: 'the connector is overloaded: {reason}',
    remedy: 'Try again shortly. If this happens often, run more instances.'
  },
  TYPE_UNKNOWN: {
    status: 404,
    message: 'the document has no type "{type}"{suggestion}',
    remedy: 'Correct the name of the type, or install the connector again.'
  },
  MAPPING_MISSING: {
    status: 400,
    message: 'type "{type}" has no {key}, which this {what} needs',
    remedy: 'Add `{key}` next to the `x-flow-type` of "{type}".'
  },
  SCAN_LIMIT: {
    status: 400,
    message: 'the id is not among the first {count} objects of type "{type}", and there are more',
    remedy: 'Add `x-flow-load` next to the `x-flow-type` of "{type}".'
  },
  FILTER_SCAN_LIMIT: {
    status: 400,
    message: 'type "{type}" has more than the {read} that one load may read to evaluate {unpushed}',
    remedy: '{add}, or raise {setting}.'
  },
  COLUMN_UNKNOWN: {
    status: 400,
    message: 'type "{type}" has no property "{column}"{suggestion}',
    remedy: 'Use a property of the type in the {clause}.'
  },
  CRITERION_UNKNOWN: {
    status: 400,
    message: '"{criterion}" is not a criterion of a list filter',
    remedy: 'Use one of: {known}.'
  },
  FILTER_TOO_MANY_CRITERIA: {
    status: 400,
    message: 'the list filter has {count} conditions and columns, and {limit} are allowed',
    remedy:
      'Use fewer conditions, columns to sort by and columns to search, or raise FILTER_MAX_CRITERIA.'
  },
  FILTER_TOO_LARGE: {
    status: 400,
    message: 'the texts of the list filter are longer than {limit} bytes',
    remedy: 'Shorten the values of the conditions and the search, or raise FILTER_MAX_BYTES.'
  },
  FILTER_UNSUPPORTED: {
    status: 400,
    message: 'property "{column}" of type "{type}" cannot be filtered by {criterion}{reason}',
    remedy:
      'Map it in `x-flow-query.parameters.where` of "{type}", for example `{column}: {mapping}`{other}.'
  },
  ORDER_UNSUPPORTED: {
    status: 400,
    message: 'type "{type}" cannot be sorted by "{column}"',
    remedy: 'Map one parameter of `x-flow-query` from `orderBy` and one from `direction`.'
  },
  SEARCH_UNSUPPORTED: {
    status: 400,
    message: 'type "{type}" cannot be searched',
    remedy: 'Map a parameter of `x-flow-query` from `search`.'
  },
  WINDOW_UNSUPPORTED: {
    status: 400,
    message:
      'one answer of the API has at most {maximum} objects of type "{type}", and the load needs {count}',
    remedy:
      'Map a parameter of `x-flow-query` from `offset` too, or declare `x-flow-pagination`, so that the connector can page. If one answer is the whole list, declare `type: none`.'
  },
  PARAMETER_REQUIRED: {
    status: 400,
    message: 'parameter "{parameter}" of {method} {path} is required, and nothing fills it',
    remedy: 'Fill {source}.'
  },
  PARAMETER_INVALID: {
    status: 400,
    message: 'parameter "{parameter}" of {method} {path} has an invalid value: {reason}',
    remedy: '{remedy}.'
  },
  VALUE_INVALID: {
    status: 400,
    message: 'the value of property "{property}" of type "{type}" is not {expected}',
    remedy: 'Set it to {expected}, or leave it blank.'
  },
  CHOICE_AMBIGUOUS: {
    status: 400,
    message: 'only one of {properties} of type "{type}" may be filled, and several are',
    remedy: 'Fill one of them, and leave the others blank.'
  },
  BODY_REQUIRED: {
    status: 400,
    message: '{method} {path} cannot be sent an object of type "{type}": {reason}',
    remedy:
      'Fill a property that the operation takes; if the type has none, set `body` or `parameters` of the mapping as docs/x-flow.md#request-bodies describes.'
  },
  BODY_UNSUPPORTED: {
    status: 400,
    message: '{method} {path} takes a body only as {given}, which the connector cannot write',
    remedy:
      'Offer application/json, a form or multipart/form-data in the document, or map another operation.'
  },
  ID_REQUIRED: {
    status: 400,
    message: 'object {index} of type "{type}" has no external id, which this {what} needs',
    remedy: 'Load the object first, so that it carries its external id.'
  },
  ID_GENERATED: {
    status: 400,
    message:
      'the external id of object {index} of type "{type}" was generated from its content and means nothing to the API',
    remedy: 'Set `x-flow-type.id` to the property that identifies the object.'
  },
  ID_UNTOLD: {
    status: 400,
    message:
      'object {index} of type "{type}" was created before, but the API did not tell its id, so it cannot be updated',
    remedy:
      'Load the object, so that it carries its id. For the next ones, let the answer or the `Location` of the create tell the id.'
  },
  ID_INVALID: {
    status: 400,
    message: 'the external id is not a composite key of type "{type}"',
    remedy: 'Use the external id exactly as it was loaded.'
  },
  SAVE_INCOMPLETE: {
    status: 400,
    message: '{cause}; {unsaved}; saved: {saved}',
    remedy: 'Correct the cause. Then save all objects except those already saved: {saved}.{advice}'
  },
  OBJECT_CHANGED: {
    status: 412,
    message: 'object "{id}" of type "{type}" has changed since the flow loaded it',
    remedy: 'Load the object again, and apply the change to it.'
  },
  ROWS_REFUSED: {
    status: 400,
    message: 'the answer of {method} {path} reports {refused} of {count} objects as not saved',
    remedy: 'Correct those objects and save them again.'
  },
  ROWS_UNTOLD: {
    status: 400,
    message:
      'the answer of {method} {path} does not say of {untold} of {count} objects whether they were saved',
    remedy: 'Check at the API whether it saved them.'
  },
  DELETE_INCOMPLETE: {
    status: 400,
    message: '{cause}; {failed} of {count} not deleted; deleted: {deleted}',
    remedy: 'Delete all of them again. An object that is already gone counts as deleted.'
  },
  EXAMPLE_UNKNOWN: {
    status: 400,
    message: '{method} {path} has no example "{given}"{suggestion}',
    remedy: 'Use a response or an example that the document declares: {known}.'
  },
  EXAMPLE_MISSING: {
    status: 400,
    message: '{method} {path} declares no example, and no schema to generate one from',
    remedy: 'Add an example to the response, to its schema or to the type.'
  },
  EXAMPLE_TOO_COMPLEX: {
    status: 400,
    message: 'no example can be generated from the schema of {method} {path}: {reason}',
    remedy: 'Add an example to the response, to its schema or to the type.'
  },
  EXAMPLE_BUSY: {
    status: 503,
    message: 'no example was generated for {method} {path}: {reason}',
    remedy: 'Try again shortly, or add an example to the response.'
  },
  URL_INVALID: {
    status: 400,
    message: '"{name}" is not an http or https URL',
    remedy:
      'Use an absolute URL of at most 8 KB, with a host of at most 253 characters and without user name and password. "Schema URL" may also be `sample:<name>`.'
  },
  EGRESS_DENIED: {
    status: 403,
    message: '{host} may not be called',
    remedy: 'Use a public address, or ask the operator to add {host} to EGRESS_ALLOW.'
  },
  DNS_TIMEOUT: {
    status: 504,
    message: 'no name server resolved {host} in time',
    remedy: "Check the host name, and the name servers of the connector's machine."
  },
  DOCUMENT_UNREACHABLE: {
    status: 502,
    message: 'the document at {url} cannot be fetched: {reason}',
    remedy: "Check that the URL can be reached from the connector's network."
  },
  DOCUMENT_STATUS: {
    status: 502,
    message: 'the server of the document at {url} answered {status}',
    remedy: 'Check the URL, and "Schema Token" if the document is protected.'
  },
  DOCUMENT_REDIRECT: {
    status: 502,
    message: 'the document at {url} redirects to an address that is not followed',
    remedy: 'Use the final URL of the document.'
  },
  DOCUMENT_CONNECT_TIMEOUT: {
    status: 504,
    message: 'the server of the document at {url} accepted no connection within {limit} ms',
    remedy: 'Check that the server is up, or raise CONNECT_TIMEOUT_MS.'
  },
  DOCUMENT_TIMEOUT: {
    status: 504,
    message: 'the document at {url} did not arrive within {limit} ms',
    remedy: 'Host the document closer to the connector, or raise UPSTREAM_TIMEOUT_MS.'
  },
  DOCUMENT_TOO_LARGE: {
    status: 413,
    message: 'the document at {url} is larger than {limit} bytes',
    remedy: 'Publish a smaller document, or raise DOCUMENT_MAX_BYTES.'
  },
  DOCUMENT_NOT_PARSED: {
    status: 422,
    message:
      'the document at {url} is neither valid JSON nor valid YAML: {reason} at line {line}, column {column}',
    remedy: 'Correct the document at that position.'
  },
  DOCUMENT_TOO_COMPLEX: {
    status: 422,
    message: 'the document at {url} is too complex: {reason}',
    remedy: 'Publish a smaller document, with less nesting and fewer YAML aliases.'
  },
  COMPILER_BUSY: {
    status: 503,
    message:
      '{limit} documents of this tenant, or as many of all as WAITING_MAX allows, are already waiting to be compiled',
    remedy: 'Try again shortly.'
  },
  COMPILER_ENDED: {
    status: 503,
    message: 'the process that compiles {url} was ended from outside, twice',
    remedy:
      'Try again shortly. If this happens again, give the service more memory: the system may have ended it for lack of that.'
  },
  DOCUMENT_NOT_OPENAPI: {
    status: 422,
    message: 'the content of {url} is not an OpenAPI document',
    remedy: 'Use the URL of the document itself. Its root has a member `openapi`.'
  },
  DOCUMENT_VERSION_UNSUPPORTED: {
    status: 422,
    message: 'the version of the document at {url} is not supported: {given}',
    remedy: 'Publish it as OpenAPI 3.0, 3.1 or 3.2, with the version as in `openapi: "3.0.3"`.'
  },
  DOCUMENT_VERSION_UNQUOTED: {
    status: 422,
    message: 'the version of the document at {url} is the number {given}, and has to be text',
    remedy: 'Quote it: `openapi: "{right}"`.'
  },
  SERVER_MISSING: {
    status: 422,
    message: '{method} {path} has no server: the document declares none that can be resolved',
    remedy: 'Add `servers` to the document, or set "Server URL".'
  },
  SERVER_VARIABLE_INVALID: {
    status: 400,
    message: 'server variable "{name}" is invalid: {reason}',
    remedy: 'Set it in "Server Variables" to {allowed}.'
  },
  VARIABLE_MISSING: {
    status: 400,
    message: 'the manifest needs the variable "{variable}", which has no value',
    remedy:
      'Add the line `{variable}=…` to configuration value "Variables", or write `| default(…)` behind it in the manifest.'
  },
  FIELDS_UNKNOWN: {
    status: 422,
    message:
      'type "{type}" has no fields: the manifest has no `schema` for it, and its first page has no records',
    remedy: 'Write `schema` into the manifest.'
  },
  RECORD_MISFIT: {
    status: 502,
    message:
      'record {record} of "{type}" does not fit its schema: "{field}" is {given}, not {expected}',
    remedy: 'Correct the type of "{field}" in `schema` of the manifest, or the data of the API.'
  },
  ORIGIN_NOT_APPROVED: {
    status: 409,
    message: '{host} is not one of the hosts that may receive credentials{reason}',
    remedy: 'If you trust it, list all hosts that may receive credentials in "Allowed Hosts".'
  },
  LOGIN_UNAVAILABLE: {
    status: 400,
    message: 'the document has no login that this configuration supports',
    remedy:
      'Add `x-flow-identity` to a security scheme. OAuth 2.0 and OpenID Connect also need "OAuth2/OIDC: Client Id".'
  },
  LOGIN_DENIED: {
    status: 401,
    message: '{reason}',
    remedy: 'Log in again.'
  },
  LOGIN_INSECURE: {
    status: 403,
    message: 'the login would send secrets to {host} over plain http',
    remedy: 'Use https, or ask the operator to add {host} to EGRESS_ALLOW.'
  },
  LOGIN_URL_INVALID: {
    status: 422,
    message: 'an address of security scheme "{scheme}" is not an http or https URL: {given}',
    remedy: 'Correct the address in the security scheme or in its `x-flow-identity`.'
  },
  LOGIN_USER_UNKNOWN: {
    status: 422,
    message: 'the answer of {host} does not identify the user of security scheme "{scheme}"',
    remedy: 'Set `me.userId` of `x-flow-identity` to the member that identifies a user.'
  },
  IDENTITY_UNREACHABLE: {
    status: 502,
    message: 'the identity provider {host} cannot be reached: {reason}',
    remedy: 'Check that the identity provider is up, and that the connector can reach it.'
  },
  IDENTITY_TIMEOUT: {
    status: 504,
    message: 'the identity provider {host} did not answer within {limit} ms',
    remedy: 'Check that the identity provider is up, or raise UPSTREAM_TIMEOUT_MS.'
  },
  IDENTITY_FAILED: {
    status: 502,
    message: 'the identity provider {host} answered {status}',
    remedy:
      'Check that the identity provider is up, and that the addresses of the security scheme are right.'
  },
  IDENTITY_CLIENT_REFUSED: {
    status: 502,
    message: 'the identity provider {host} rejected the client: {error}',
    remedy: 'Check "OAuth2/OIDC: Client Id" and "OAuth2/OIDC: Client Secret".'
  },
  IDENTITY_METADATA_INVALID: {
    status: 502,
    message: 'the discovery document of the identity provider {host} is invalid: {reason}',
    remedy: 'Check `openIdConnectUrl` of the security scheme, and the identity provider.'
  },
  IDENTITY_ANSWER_INVALID: {
    status: 502,
    message: 'the answer of the identity provider {host} is invalid: {reason}',
    remedy: 'Check the identity provider, and the addresses of the security scheme.'
  },
  API_ERROR: {
    status: 502,
    message: '{message}',
    remedy: 'The API refused the call. Its answer is in responseBody.{credential}'
  },
  UPSTREAM_UNREACHABLE: {
    status: 502,
    message: '{host} cannot be reached: {reason}',
    remedy: 'Check that the API is up, and that the connector can reach it.'
  },
  UPSTREAM_TLS: {
    status: 502,
    message: 'there is no trusted TLS connection to {host}: {reason}',
    remedy:
      'Use a valid certificate for that host name. Add a private issuer to CA_FILE. For a server that asks for a client certificate, set CLIENT_CERT_FILE.'
  },
  UPSTREAM_RESET: {
    status: 502,
    message: '{host} closed the connection before its answer was complete',
    remedy: 'Try again. After a write, check first whether the API applied it.'
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    message: '{host} did not answer within {limit} ms',
    remedy: 'Ask for fewer objects, or raise UPSTREAM_TIMEOUT_MS.'
  },
  FLOW_TIMEOUT: {
    status: 504,
    message: 'the request was not finished within {limit} ms: {reached}',
    remedy: 'Ask for fewer objects at a time, or raise FLOW_TIMEOUT_MS.'
  },
  UPSTREAM_CONNECT_TIMEOUT: {
    status: 504,
    message: '{host} accepted no connection within {limit} ms',
    remedy: 'Check that the API is up, or raise CONNECT_TIMEOUT_MS.'
  },
  UPSTREAM_TOO_LARGE: {
    status: 502,
    message: 'the answer of {host} is larger than {limit} bytes',
    remedy: 'Ask for fewer objects at a time, or raise RESPONSE_MAX_BYTES.'
  },
  ANSWER_TOO_MANY_VALUES: {
    status: 502,
    message: 'the answer {of} has more than {limit} {what}',
    remedy:
      'Ask for fewer objects at a time, use a type with fewer properties, or raise ANSWER_MAX_VALUES.'
  },
  ANSWER_TOO_DEEP: {
    status: 502,
    message: 'the answer {of} is nested more than {limit} levels deep',
    remedy: 'Map an operation whose answer is nested less deeply.'
  },
  UPSTREAM_NOT_JSON: {
    status: 502,
    message: '{host} answered {status} with {mediaType} instead of JSON',
    remedy: 'Map an operation that answers with JSON.'
  },
  UPSTREAM_REDIRECT: {
    status: 502,
    message: '{host} answered {status}, a redirect{place} that is not followed: {reason}',
    remedy: 'Use the final address of the API as its server.'
  },
  UPSTREAM_PROTOCOL: {
    status: 502,
    message: 'the answer of {host} is not valid HTTP: {reason}',
    remedy: 'Check that the server URL is the URL of the API.'
  },
  RATE_LIMITED: {
    status: 429,
    message: 'the rate limit of {host} allows the next call in {seconds} s',
    remedy:
      'Call less often, or after that time. If `x-flow-rate-limit` of the operation is lower than the limit of the API, raise it.'
  },
  CIRCUIT_OPEN: {
    status: 503,
    message: '{host} failed repeatedly, and calls to it are suspended for {seconds} s',
    remedy: 'Check that the API is up, and try again after that time.'
  },
  ORIGIN_BUSY: {
    status: 503,
    message: 'the maximum number of concurrent calls to {host} has been reached',
    remedy: 'Try again shortly.'
  },
  PAGING_REPEATED: {
    status: 502,
    message:
      'the list of type "{type}" does not page as expected: the API returned a page that it had returned before, or an earlier one than was asked for',
    remedy:
      'Declare in `x-flow-pagination` of the operation how it pages: its type, and the names of its parameters and members. If one answer is the whole list, its type is `none`.'
  },
  PAGING_FIRST_PAGE: {
    status: 502,
    message:
      'the list of type "{type}" was read from page 1 and has one page less than the API says, so that its pages may begin at 0',
    remedy:
      'Set `firstPage` in `x-flow-pagination` of the operation: 0 if its pages begin at 0, else 1.'
  },
  PAGING_UNREADABLE: {
    status: 502,
    message: '"{field}" of the answer does not lead to a next page',
    remedy:
      'In `x-flow-pagination`, name the member that holds the cursor or the address of the next page.'
  },
  PAGING_FOREIGN: {
    status: 502,
    message: 'the next page of {method} {path} is at another origin, {host}, which is not called',
    remedy: 'Use another type of `x-flow-pagination`, or use that origin as the server.'
  },
  ANSWER_UNEXPECTED: {
    status: 502,
    message: 'the answer of {method} {path} has no object of type "{type}": {reason}',
    remedy:
      'Set `records` of `{key}` to the path of the objects, or correct the schema of the type.'
  },
  INTERNAL: {
    status: 500,
    message: 'the connector failed',
    remedy: 'Report this together with the request id.'
  }
} as const satisfies Record<string, ProblemEntry>

/** Every diagnostic that a document can have (docs/x-flow.md#diagnostics). */
export const DIAGNOSTICS = {
  DOCUMENT_NOT_ANNOTATED: {
    severity: 'info',
    message: 'the document has no `x-flow-type`, so there is no type to install',
    remedy: 'It has {found}. To begin, {write}.',
    see: 'x-flow.md#where-the-keys-go'
  },
  DOCUMENT_LARGE: {
    severity: 'warning',
    message: 'the document has {bytes} bytes, so it is slow to compile',
    remedy: 'Publish only the part that flows use.',
    see: 'x-flow.md#limits-of-a-document'
  },
  QUOTAS_TOO_MANY: {
    severity: 'warning',
    message: 'the rate limit has {count} quotas, and only the first {limit} count',
    remedy: 'List the strictest quotas only.',
    see: 'x-flow.md#rate-limits'
  },
  ORIGIN_ADDED: {
    severity: 'warning',
    message:
      'the document now names {host}, which it did not name when it was first used; {host} receives no credentials',
    remedy: 'If you trust it, list all hosts that may receive credentials in "Allowed Hosts".',
    see: 'x-flow.md#allowed-hosts'
  },
  DOCUMENT_TOO_WIDE: {
    severity: 'error',
    message:
      'the document makes more than a model may hold; {types} types and {mappings} mappings are left out, among others',
    remedy:
      'Remove `x-flow-type` from schemas that flows do not use, or publish several documents.',
    see: 'x-flow.md#limits-of-a-document'
  },
  FINDINGS_UNTOLD: {
    severity: 'warning',
    message: '{count} more diagnostics were left out',
    remedy: 'Correct the listed diagnostics first.',
    see: 'x-flow.md#diagnostics'
  },
  DOCUMENT_STALE: {
    severity: 'warning',
    message:
      'the document cannot be read again ({reason}); a copy that is {seconds} s old is in use',
    remedy: 'Make the document readable again.',
    see: 'running.md#document-freshness'
  },
  SECURITY_SCHEMES_MISPLACED: {
    severity: 'warning',
    message: '`securitySchemes` is under `components.schemas`, and is used nevertheless',
    remedy: 'Move it to `components.securitySchemes`.',
    see: 'x-flow.md#documents'
  },
  EXTENSION_UNKNOWN: {
    severity: 'warning',
    message: '`{given}` is not an x-flow key{suggestion}',
    remedy: 'Correct the key. Unknown keys are ignored.',
    see: 'x-flow.md#where-the-keys-go'
  },
  EXTENSION_FOREIGN: {
    severity: 'info',
    message: '`{given}` is not an x-flow key{suggestion}, and the document has none',
    remedy: 'Leave it if it belongs to another product; else correct the key.',
    see: 'x-flow.md#where-the-keys-go'
  },
  EXTENSION_MISPLACED: {
    severity: 'warning',
    message: '`{given}` is ignored here; it belongs to the {place}',
    remedy: 'Move it to the {place}.',
    see: 'x-flow.md#where-the-keys-go'
  },
  MEMBER_UNKNOWN: {
    severity: 'warning',
    message: '`{key}` has no member "{given}"{suggestion}',
    remedy: 'Use one of: {known}.',
    see: 'x-flow.md#where-the-keys-go'
  },
  EXTENSION_MALFORMED: {
    severity: 'error',
    message: '`{key}` is invalid: {reason}',
    remedy: 'Correct it as docs/x-flow.md#{section} describes.',
    see: 'x-flow.md#{section}'
  },
  MANIFEST_EMPTY: {
    severity: 'error',
    message: 'the manifest has no input and no output of format `rest_api`',
    remedy: 'Write an input with `format: rest_api` and `url` under `inputs` of `CONFIG`.',
    see: 'pipelines.md#manifests'
  },
  MANIFEST_INVALID: {
    severity: 'error',
    message: '`{part}` is left out: {reason}',
    remedy: 'Correct it.',
    see: 'pipelines.md#{section}'
  },
  MANIFEST_MEMBER_IGNORED: {
    severity: 'warning',
    message: '`{member}` of `{part}` is ignored: {reason}',
    remedy: 'Remove or correct it.',
    see: 'pipelines.md#{section}'
  },
  MANIFEST_PART_SKIPPED: {
    severity: 'info',
    message: '`{part}` is skipped: {reason}',
    remedy: 'Nothing is to be done. Inputs and outputs of format `rest_api` become types.',
    see: 'pipelines.md#inputs'
  },
  MANIFEST_FORMAT_UNKNOWN: {
    severity: 'warning',
    message: '`{part}` is skipped: its format "{given}" is not known{suggestion}',
    remedy: 'Write `format: rest_api` for an endpoint that is called.',
    see: 'pipelines.md#inputs'
  },
  MANIFEST_FIELDS_INFERRED: {
    severity: 'info',
    message:
      '`{part}` has no `schema`, so that its fields are taken from the first page of the API',
    remedy: 'Write `schema` to fix them.',
    see: 'pipelines.md#schema'
  },
  MANIFEST_FIELDS_UNKNOWN: {
    severity: 'warning',
    message: 'type "{type}" is left out, because its first page shows no fields: {reason}',
    remedy: 'Write `schema` into the manifest, or correct what the reason says and install again.',
    see: 'pipelines.md#schema'
  },
  MANIFEST_SECRET_WRITTEN: {
    severity: 'warning',
    message:
      '`{part}` has a secret as plain text, which everybody can read who can read the manifest',
    remedy:
      'Write `env.NAME` in double braces, and its value into configuration value "Variables".',
    see: 'pipelines.md#templates'
  },
  TYPE_NAME_CLAIMED: {
    severity: 'error',
    message: 'the type name "{name}" is already used by the schema at {other}',
    remedy: 'Give one of the two schemas another `x-flow-type.name`; letter case does not count.',
    see: 'x-flow.md#x-flow-type'
  },
  MAPPING_WITHOUT_TYPE: {
    severity: 'error',
    message: '`{key}` is on a schema without `x-flow-type`',
    remedy: 'Add an `x-flow-type` with a `name` to the schema.',
    see: 'x-flow.md#where-the-keys-go'
  },
  MAPPING_PATH_UNKNOWN: {
    severity: 'error',
    message: 'the document has no path "{given}"{suggestion}',
    remedy: 'Use a key of `paths`.',
    see: 'x-flow.md#mappings'
  },
  MAPPING_OPERATION_UNKNOWN: {
    severity: 'error',
    message: 'path "{path}" has no operation "{given}"{suggestion}',
    remedy: 'Use a method that the path declares.',
    see: 'x-flow.md#mappings'
  },
  PARAMETER_UNKNOWN: {
    severity: 'warning',
    message:
      '{method} {path} declares no parameter "{given}"{suggestion}; it is sent in the {place}',
    remedy: 'Declare the parameter, or correct its name.',
    see: 'x-flow.md#left-sides'
  },
  PARAMETER_IGNORED: {
    severity: 'warning',
    message:
      'the header "{given}" is not filled by `parameters`: OpenAPI ignores a parameter of that name',
    remedy: '{remedy}.',
    see: 'x-flow.md#parameters'
  },
  PARAMETER_UNFILLED: {
    severity: 'warning',
    message: 'nothing fills the required parameter "{parameter}" of {method} {path}',
    remedy: 'Add it to `parameters` of the mapping, or give its schema a default.',
    see: 'x-flow.md#parameters'
  },
  PARAMETER_UNSUPPORTED: {
    severity: 'error',
    message: 'parameter "{parameter}" is not supported: {reason}',
    remedy: '{remedy}.',
    see: 'x-flow.md#left-sides'
  },
  DEFAULT_UNUSABLE: {
    severity: 'warning',
    message: 'the default {given} of parameter "{parameter}" is not sent: {reason}',
    remedy:
      'Correct the `default` or the schema of the parameter. To send a value nevertheless, write it into the mapping.',
    see: 'x-flow.md#parameters'
  },
  SOURCE_UNKNOWN: {
    severity: 'warning',
    message: '"{given}" is neither a source nor a property of type "{type}"{suggestion}',
    remedy: 'Use a source or a property of the type.',
    see: 'x-flow.md#parameters'
  },
  ENCODE_UNUSABLE: {
    severity: 'warning',
    message: '`encode: {given}` is ignored: {reason}',
    remedy: 'Use `double` or `single`, on a parameter in the path or the query.',
    see: 'x-flow.md#parameters'
  },
  EXCLUDE_UNKNOWN: {
    severity: 'warning',
    message: 'type "{type}" has no property "{given}" to exclude{suggestion}',
    remedy: "Correct the property's name.",
    see: 'x-flow.md#mappings'
  },
  ID_PROPERTY_UNKNOWN: {
    severity: 'warning',
    message:
      '`x-flow-type.id` names "{given}", which is not a property of type "{type}"{suggestion}',
    remedy: 'Correct `x-flow-type.id`.',
    see: 'x-flow.md#external-ids'
  },
  CUSTOM_PROPERTY_UNKNOWN_KIND: {
    severity: 'warning',
    message: 'custom property "{property}" has the unknown kind "{given}", and becomes text',
    remedy: 'Use one of: {known}.',
    see: 'x-flow.md#x-flow-type'
  },
  PROPERTY_RENAMED: {
    severity: 'warning',
    message:
      'property "{key}" of type "{type}" is renamed to "{name}", because another property has its name',
    remedy: 'Rename one of the two to choose a clearer name.',
    see: 'x-flow.md#derived-types'
  },
  TYPE_RENAMED: {
    severity: 'warning',
    message: 'type "{place}" is renamed to "{name}", because another type has its name',
    remedy: 'Give the schema an `x-flow-type` with a name of its own.',
    see: 'x-flow.md#derived-types'
  },
  NAME_SHORTENED: {
    severity: 'warning',
    message: 'the name "{given}" is longer than 250 characters and is shortened to "{name}"',
    remedy: 'Give the schema an `x-flow-type` with a short name.',
    see: 'x-flow.md#derived-types'
  },
  TYPE_BOUND_REACHED: {
    severity: 'warning',
    message:
      'too many types would be derived from type "{name}"; these nested objects become JSON text: {schemas}',
    remedy: 'Add `x-flow-type` to the nested schemas that flows need.',
    see: 'x-flow.md#derived-types'
  },
  TYPE_EMPTY: {
    severity: 'warning',
    message: 'type "{name}" is not installed: {reason}',
    remedy:
      'Give the schema properties, an example or `customProperties`, or remove its `x-flow-type`.',
    see: 'x-flow.md#types-and-properties'
  },
  CHOICES_SEVERAL: {
    severity: 'warning',
    message:
      'several sets of choices apply to one value, so that no property can stand for a choice',
    remedy: 'A property of this schema is JSON text. Combine the choices in a single `oneOf`.',
    see: 'x-flow.md#merged-schemas'
  },
  SCHEMA_MALFORMED: {
    severity: 'error',
    message: 'the schema is invalid: {reason}',
    remedy: 'Write a valid Schema Object.',
    see: 'x-flow.md#types-and-properties'
  },
  PATH_ITEM_MALFORMED: {
    severity: 'error',
    message: 'path "{path}" is invalid: {reason}',
    remedy: 'Write a valid Path Item Object.',
    see: 'x-flow.md#path-items-with-a-reference'
  },
  REF_UNRESOLVED: {
    severity: 'error',
    message: '`{ref}` cannot be resolved{suggestion}',
    remedy: 'Correct the reference.',
    see: 'x-flow.md#references-to-other-documents'
  },
  REF_NOT_ALLOWED: {
    severity: 'error',
    message: 'this document may not refer to the target of this reference',
    remedy:
      'Refer to a document at an http or https URL, or copy what is needed into this document.',
    see: 'x-flow.md#references-to-other-documents'
  },
  REF_UNREADABLE: {
    severity: 'error',
    message: '`{ref}` cannot be read: {reason} [{problem}]',
    remedy: 'Correct the reference, or the document that it refers to.',
    see: 'x-flow.md#references-to-other-documents'
  },
  REF_LIMIT: {
    severity: 'error',
    message: 'references to other documents are not followed ({count}): {rule}',
    remedy: 'Use fewer and smaller documents.',
    see: 'x-flow.md#references-to-other-documents'
  },
  REF_CYCLE: {
    severity: 'error',
    message: '`{ref}` refers to itself',
    remedy: 'End the chain of references at a definition.',
    see: 'x-flow.md#references-to-other-documents'
  },
  REF_DYNAMIC: {
    severity: 'warning',
    message:
      '`$dynamicRef: {ref}` may mean {count} schemas, depending on the schema around it; the first is used everywhere',
    remedy:
      'Write the schema that is meant as a `$ref` where the objects of a type have another one.',
    see: 'x-flow.md#references-to-other-documents'
  },
  MEDIA_TYPE_UNSUPPORTED: {
    severity: 'error',
    message: '{method} {path} offers {what} only as {given}',
    remedy: 'Add application/json.',
    see: 'x-flow.md#answers-and-errors'
  },
  BODY_UNMATCHED: {
    severity: 'warning',
    message:
      '`{key}` cannot send an object of type "{type}" to {method} {path}, so that saving one is refused: {reason}',
    remedy:
      'Set `body` of the mapping to the path of the object, or fill the body by `parameters` such as `body.name`.',
    see: 'x-flow.md#request-bodies'
  },
  BODY_MISFIT: {
    severity: 'warning',
    message:
      '{method} {path} takes {expected} for property "{property}" of type "{type}", which holds something else',
    remedy: 'Exclude the property, or fill the member by `parameters` such as `body.name`.',
    see: 'x-flow.md#request-bodies'
  },
  BODY_MEMBER_UNFILLED: {
    severity: 'warning',
    message: '{method} {path} requires "{member}" in its body, and nothing fills it',
    remedy: 'Add `body.{member}` to `parameters` of the mapping.',
    see: 'x-flow.md#left-sides'
  },
  BODY_BY_ID: {
    severity: 'info',
    message:
      '{method} {path} takes only a value for property "{property}" of type "{type}": the id of each object is sent',
    remedy:
      'Set `x-flow-type.id` of the schema of the objects if the API knows them by another property.',
    see: 'x-flow.md#request-bodies'
  },
  BODY_INFERRED: {
    severity: 'info',
    message: 'the object of `{key}` of type "{type}" is sent under "{place}" of the body',
    remedy: 'Set `body` of the mapping if it belongs elsewhere.',
    see: 'x-flow.md#the-place-of-the-object'
  },
  ENCODING_UNUSABLE: {
    severity: 'warning',
    message: '`encoding` of "{member}" is not followed: {reason}',
    remedy: '{remedy}.',
    see: 'x-flow.md#forms-and-files'
  },
  SECURITY_SCHEME_UNKNOWN: {
    severity: 'warning',
    message: '`security` names "{given}", which is not a security scheme{suggestion}',
    remedy: 'Add it to `components.securitySchemes`.',
    see: 'x-flow.md#credentials'
  },
  SECURITY_SCHEME_UNSUPPORTED: {
    severity: 'warning',
    message: 'security scheme "{scheme}" is not supported: {type}',
    remedy: 'Allow its operations to be called with apiKey, http basic, http bearer or oauth2 too.',
    see: 'x-flow.md#credentials'
  },
  IDENTITY_UNUSABLE: {
    severity: 'error',
    message: 'users cannot log in through security scheme "{scheme}": {reason}',
    remedy: 'Correct `x-flow-identity`, or remove it.',
    see: 'x-flow.md#logins'
  },
  LOGIN_OPEN: {
    severity: 'warning',
    message:
      'users of security scheme "{scheme}" log in with any password: {url} answers without one as it does to a user',
    remedy: 'Set `me` of `x-flow-identity` to an address that answers 401 without a password.',
    see: 'x-flow.md#logins-with-a-password'
  },
  LOGIN_UNTRIED: {
    severity: 'info',
    message:
      'whether security scheme "{scheme}" lets users log in with any password could not be tried: {reason}',
    remedy: 'Check that its address answers 401 without a password.',
    see: 'x-flow.md#logins-with-a-password'
  },
  IDENTITY_PARAMETER_RESERVED: {
    severity: 'warning',
    message: '`parameters` of security scheme "{scheme}" cannot set "{given}"',
    remedy:
      'Remove it. The connector and the platform set it, with `scope` from `x-flow-identity`.',
    see: 'x-flow.md#token-endpoints'
  },
  SERVER_WITHOUT_SCHEME: {
    severity: 'warning',
    message:
      'the server "{given}" has no scheme: it is read as {read}, and not as {path}; no credentials are sent there unless the configuration names its host',
    remedy: 'Write {read}, or begin the URL with a slash or a dot if it is a path.',
    see: 'x-flow.md#servers'
  },
  SERVER_WITHOUT_URL: {
    severity: 'warning',
    message: 'the server has no `url`, so it is ignored',
    remedy: 'Give it a `url`, or remove it.',
    see: 'x-flow.md#servers'
  },
  SERVER_UNUSABLE: {
    severity: 'warning',
    message: 'the server "{given}" cannot be called: {reason}',
    remedy: 'Correct the URL, or set "Server URL".',
    see: 'x-flow.md#servers'
  },
  SERVER_VARIABLE_UNKNOWN: {
    severity: 'warning',
    message:
      'the server "{given}" has the variable "{variable}", for which `variables` has no default{suggestion}; calls need a value in "Server Variables"',
    remedy: 'Declare the variable under `variables` of the server, with a `default`.',
    see: 'x-flow.md#servers'
  },
  SERVER_QUERY: {
    severity: 'warning',
    message: 'the server "{given}" has a query, which is sent with every call: {names}',
    remedy: 'Declare them as parameters or as a security scheme, unless every call needs them.',
    see: 'x-flow.md#servers'
  },
  SERVER_UNKNOWN: {
    severity: 'warning',
    message:
      'the document declares no server and has no address of its own, so live calls need "Server URL"',
    remedy: 'Add `servers` to the document.',
    see: 'x-flow.md#servers'
  },
  CREDENTIAL_WITHOUT_SCHEME: {
    severity: 'info',
    message:
      'the document says nothing about security, so "{name}" is sent with each call, as its name says',
    remedy: 'Add `securitySchemes` and `security` to the document, or clear "{name}".',
    see: 'x-flow.md#credentials'
  },
  CREDENTIAL_UNUSED: {
    severity: 'warning',
    message:
      '"{name}" is not sent: `security` of no operation that is called names a scheme for it',
    remedy:
      'Add such a scheme to `components.securitySchemes` and name it in `security`, or clear "{name}".',
    see: 'x-flow.md#credentials'
  },
  CREDENTIAL_OVER_HTTP: {
    severity: 'warning',
    message: '{calls} sends credentials to {host} over plain http',
    remedy: 'Name an https server in the document, or set "Server URL" to one.',
    see: 'security.md#credentials'
  },
  EXAMPLE_IS_TEXT: {
    severity: 'warning',
    message: 'the example is text where {expected} is due; it is read as JSON',
    remedy: 'Write the example as {expected}, not as text.',
    see: 'x-flow.md#written-examples'
  },
  EXAMPLE_IS_REFERENCE: {
    severity: 'warning',
    message: 'an example cannot be a reference; `{ref}` is followed, where it leads to a value',
    remedy: 'Use `examples`, whose entries can be references, or write the value.',
    see: 'x-flow.md#written-examples'
  },
  EXAMPLE_UNREADABLE: {
    severity: 'warning',
    message: 'the example is not used: {reason}',
    remedy: 'Write a value as its schema describes it.',
    see: 'x-flow.md#written-examples'
  },
  EXAMPLE_UNWRAPPED: {
    severity: 'warning',
    message: 'the example is {given}; {taken} is used',
    remedy: 'Write the value as its schema describes it.',
    see: 'x-flow.md#examples'
  },
  WRITES_NOT_KEPT: {
    severity: 'info',
    message:
      'examples call nothing and remember nothing: what is saved or deleted is not so at the next load',
    remedy: 'Remove `example` from the mappings once the API exists.',
    see: 'x-flow.md#examples'
  },
  EXAMPLE_UNFIT: {
    severity: 'warning',
    message: 'the example is not what its schema describes: {reason}',
    remedy: '{fix}',
    see: 'x-flow.md#written-examples'
  },
  EXAMPLE_NAME_UNKNOWN: {
    severity: 'error',
    message: '{method} {path} has no example "{given}"{suggestion}',
    remedy: 'Use an example that the response declares, or add its `response`.',
    see: 'x-flow.md#examples'
  },
  EXAMPLE_RESPONSE_UNKNOWN: {
    severity: 'error',
    message: '{method} {path} declares no response "{given}"{suggestion}',
    remedy: 'Use a response code that the operation declares.',
    see: 'x-flow.md#examples'
  },
  RECORDS_INFERRED: {
    severity: 'info',
    message: 'the objects of `{key}` of type "{type}" are read from {place}',
    remedy: 'Set `records` of the mapping if they are elsewhere.',
    see: 'x-flow.md#records'
  },
  RECORDS_AMBIGUOUS: {
    severity: 'warning',
    message: 'the answer of `{key}` may have objects of type "{type}" at several places: {places}',
    remedy: 'Set `records` of the mapping to one of them.',
    see: 'x-flow.md#records'
  },
  SAVED_ID_INFERRED: {
    severity: 'info',
    message: 'the answer of `{key}` is no "{type}"; the id of a new one is read from {place} of it',
    remedy: 'Let the answer have the schema of the type if it is the object that was saved.',
    see: 'x-flow.md#what-a-save-returns'
  },
  ANSWER_FOREIGN: {
    severity: 'warning',
    message:
      'where `{key}` reads objects of type "{type}", the schema of the answer has {came}, and none of the members {members}',
    remedy:
      'Set `records` of the mapping to the path of the objects, or correct the schema of the answer or of the type.',
    see: 'x-flow.md#records'
  },
  RULES_UNCHECKED: {
    severity: 'info',
    message:
      'the document was not checked against the rules of the OpenAPI Specification, because it is too large or too complex',
    remedy: 'Check it with an OpenAPI linter.',
    see: 'x-flow.md#documents'
  },
  BATCH_UNUSABLE: {
    severity: 'warning',
    message: '`batch` of `{key}` for {path} is ignored: {reason}',
    remedy: 'Use it on an `x-flow-save` whose operation takes a JSON array.',
    see: 'x-flow.md#batches'
  },
  UPDATE_OPTION_UNUSABLE: {
    severity: 'warning',
    message: '`{option}` of `{key}` for {path} is ignored: {reason}',
    remedy:
      'Use it on an `x-flow-update` whose operation takes a body; `merge` also needs an `x-flow-load`.',
    see: 'x-flow.md#merged-updates'
  },
  RETRY_IGNORE_UNUSABLE: {
    severity: 'error',
    message: '`ignore` does not apply to `{key}` for {path}: a failed write is not a success',
    remedy: 'Use it on operations that load or delete.',
    see: 'x-flow.md#retries'
  },
  PAGING_INFERRED: {
    severity: 'info',
    message: 'the paging of `{key}` is inferred from names: {place}',
    remedy: 'Set `x-flow-pagination` of the operation if it pages differently.',
    see: 'x-flow.md#inferred-paging'
  },
  RULE_BROKEN: {
    severity: 'warning',
    message: '{message}',
    remedy: 'Correct the document according to the OpenAPI Specification.',
    see: 'x-flow.md#documents'
  }
} as const satisfies Record<string, DiagnosticEntry>

export type ProblemCode = keyof typeof PROBLEMS
export type DiagnosticCode = keyof typeof DIAGNOSTICS

type HoleName<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | HoleName<Rest>
  : never

type NoHoles = { readonly [hole: string]: never }

type HolesOf<Text extends string> = [HoleName<Text>] extends [never]
  ? NoHoles
  : { readonly [Name in HoleName<Text>]: string | number }

type TextOf<Entry extends { readonly message: string; readonly remedy: string }> =
  | Entry['message']
  | Entry['remedy']

/** Values for the holes of a problem; where it is one of several, for the holes of all of them. */
export type ProblemHoles<Code extends ProblemCode> = HolesOf<TextOf<(typeof PROBLEMS)[Code]>>

/** Values for the holes of a diagnostic; where it is one of several, for the holes of all of them. */
export type DiagnosticHoles<Code extends DiagnosticCode> = HolesOf<
  TextOf<(typeof DIAGNOSTICS)[Code]> | (typeof DIAGNOSTICS)[Code]['see']
>

/** The last arguments of a call: the holes, optional where there are none, and what may follow. */
export type Filling<Given, More extends readonly unknown[] = []> = NoHoles extends Given
  ? [holes?: Given, ...more: More]
  : [holes: Given, ...more: More]

/** Values for the holes of texts that are not known until run time. */
export type Holes = { readonly [hole: string]: string | number }

/** Fills the `{holes}` of a text. */
export function fillHoles(text: string, holes: Holes): string {
  return text.replace(/\{(\w+)\}/g, (_, hole: string) => String(holes[hole] ?? ''))
}

/** The value of the hole `suggestion`: ` (did you mean "x"?)`, or blank. */
export function suggestion(word: string | undefined): string {
  return word === undefined ? '' : ` (did you mean "${word}"?)`
}

/** The answer of an API, shown in the debugger of the flow. It contains no secrets. */
export type UpstreamAnswer = {
  /** Without query and user information. */
  readonly url: string
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** At most 4 KB, secrets removed. */
  readonly body: string
}

export type ProblemDetails = {
  /** Status of the answer, if it is not that of the catalogue. */
  readonly status?: number
  /** Whole seconds to wait before the next try; null when not known. */
  readonly retryAfterSeconds?: number | null
  readonly upstream?: UpstreamAnswer
  /** For logs only; never holds a credential. */
  readonly cause?: unknown
}

/** What another process needs to make the same error. */
export type ProblemCopy = Pick<ConnectorError, 'code' | 'holes' | 'retryAfterSeconds'>

/** A request that failed. `Code` only ties the holes to the code where the error is made. */
export class ConnectorError<Code extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'ConnectorError'
  readonly code: ProblemCode
  readonly status: number
  readonly remedy: string
  /** `api` relays an API's own refusal; `service` is the connector's. */
  readonly kind: 'service' | 'api'
  readonly upstream: UpstreamAnswer | null
  /** Whole seconds to wait before the next try; null when not known. */
  readonly retryAfterSeconds: number | null
  readonly holes: Holes

  constructor(code: Code, ...filling: Filling<ProblemHoles<Code>, [details?: ProblemDetails]>)
  constructor(copy: ProblemCopy)
  constructor(given: ProblemCode | ProblemCopy, holes: Holes = {}, details: ProblemDetails = {}) {
    const problem =
      typeof given === 'string'
        ? { code: given, holes, retryAfterSeconds: details.retryAfterSeconds ?? null }
        : given
    const entry: ProblemEntry = PROBLEMS[problem.code]
    super(fillHoles(entry.message, problem.holes), { cause: details.cause })
    this.code = problem.code
    this.status = details.status ?? entry.status
    this.remedy = fillHoles(entry.remedy, problem.holes)
    this.kind = details.upstream === undefined ? 'service' : 'api'
    this.upstream = details.upstream ?? null
    this.retryAfterSeconds = problem.retryAfterSeconds
    this.holes = problem.holes
  }
}
