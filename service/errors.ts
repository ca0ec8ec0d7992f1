/** An entry about a request that failed. Holes in braces take names from the request or the document. */
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
}

/**
 * Every way in which a request fails (design 5). The code is the contract: match on it, never on the
 * text. Holes hold names from the request and the document, never secrets and never bodies.
 */
export const PROBLEMS = {
  CONFIG_REQUIRED: {
    status: 400,
    message: 'configuration value "{name}" is required',
    remedy: 'Fill "{name}" in the connector\'s configuration values.'
  },
  CONFIG_INVALID: {
    status: 400,
    message: 'configuration value "{name}" cannot be used: {reason}',
    remedy: 'Correct "{name}": {allowed}.'
  },
  SAMPLE_UNKNOWN: {
    status: 400,
    message: 'there is no bundled sample named "{sample}"',
    remedy: 'Use one of: {known}.'
  },
  ROUTE_UNKNOWN: {
    status: 404,
    message: 'there is no {method} {path} here',
    remedy:
      "Check the connector's URL and the method; `GET /health` answers when the connector is reached."
  },
  DOOR_CLOSED: {
    status: 401,
    message: 'the connector lets nobody in without its user name and password, or its path token',
    remedy:
      "Give the connector's URL with `/k/` and its token at the end, or the user name and password, where the platform keeps them."
  },
  BODY_NOT_JSON: {
    status: 400,
    message: "the request's body is not JSON",
    remedy: 'Send JSON in UTF-8 with content type application/json.'
  },
  BODY_INVALID: {
    status: 400,
    message: "the request's body does not fit at {pointer}: {expected}",
    remedy: 'Send what the connector protocol describes.'
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: "the request's body is larger than {limit} bytes",
    remedy: 'Send fewer objects at a time, or raise REQUEST_MAX_BYTES.'
  },
  BODY_TOO_DEEP: {
    status: 400,
    message: "the request's body is nested deeper than {limit} levels",
    remedy: 'Flatten the filter or the objects.'
  },
  REQUEST_MALFORMED: {
    status: 400,
    message: 'what was sent is no whole HTTP request',
    remedy: 'Send a complete request in HTTP/1.1.'
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'the request did not arrive in time',
    remedy: 'Send the request without pauses.'
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: "the request's headers are too many, or larger than {limit} bytes",
    remedy: 'Send fewer or shorter headers.'
  },
  TENANT_RATE_LIMITED: {
    status: 429,
    message: 'a tenant may make {limit} requests within a second, and this was one more',
    remedy: 'Try again in {seconds} s, or raise TENANT_REQUESTS_PER_SECOND.'
  },
  TENANT_BUSY: {
    status: 503,
    message: '{limit} requests of this tenant already wait for their turn',
    remedy:
      'Try again a little later; where that is usual, raise MAX_IN_FLIGHT or run more instances.'
  },
  OVERLOADED: {
    status: 503,
    message: 'the connector cannot keep up: {reason}',
    remedy: 'Try again a little later; where that is usual, run more instances.'
  },
  TYPE_UNKNOWN: {
    status: 404,
    message: 'the document has no type "{type}"{suggestion}',
    remedy: "Install the connector again, or correct the type's name."
  },
  MAPPING_MISSING: {
    status: 400,
    message: 'type "{type}" has no {key}, which this {what} needs',
    remedy: 'Add `{key}` beside the `x-flow-type` of "{type}".'
  },
  SCAN_LIMIT: {
    status: 400,
    message:
      'the id was not found in the first {count} objects of type "{type}", and there are more',
    remedy: 'Add `x-flow-load` beside the `x-flow-type` of "{type}".'
  },
  FILTER_SCAN_LIMIT: {
    status: 400,
    message:
      'type "{type}" has more than the {read} that one load reads, and its API does not take {unpushed}',
    remedy: '{add}, or raise {setting}.'
  },
  COLUMN_UNKNOWN: {
    status: 400,
    message: 'type "{type}" has no property "{column}"{suggestion}',
    remedy: 'Use a property of the type in the {clause}.'
  },
  CRITERION_UNKNOWN: {
    status: 400,
    message: '"{criterion}" is no criterion of a list filter',
    remedy: 'Use one of: {known}.'
  },
  FILTER_UNSUPPORTED: {
    status: 400,
    message: '"{column}" cannot be filtered by {criterion} on type "{type}"',
    remedy:
      'Map it under `x-flow-query.parameters.where` of "{type}", for instance `{column}: {mapping}`.'
  },
  ORDER_UNSUPPORTED: {
    status: 400,
    message: 'type "{type}" cannot be sorted by "{column}"',
    remedy: 'Map a parameter of `x-flow-query` from `orderBy`, and one from `direction`.'
  },
  SEARCH_UNSUPPORTED: {
    status: 400,
    message: 'type "{type}" cannot be searched',
    remedy: 'Map a parameter of `x-flow-query` from `search`.'
  },
  WINDOW_UNSUPPORTED: {
    status: 400,
    message:
      '{count} objects of type "{type}" from the start on do not fit in one answer of at most {maximum}',
    remedy: 'Map a parameter of `x-flow-query` from `offset` too.'
  },
  PARAMETER_REQUIRED: {
    status: 400,
    message: 'parameter "{parameter}" of {method} {path} is required and nothing fills it',
    remedy: 'Fill {source}.'
  },
  PARAMETER_INVALID: {
    status: 400,
    message: 'parameter "{parameter}" of {method} {path} cannot take this value: {reason}',
    remedy: '{remedy}.'
  },
  VALUE_INVALID: {
    status: 400,
    message: 'property "{property}" of type "{type}" is not {expected}',
    remedy: 'Give it {expected}, or leave it blank.'
  },
  CHOICE_AMBIGUOUS: {
    status: 400,
    message: 'type "{type}" takes one of {properties}, and several of them are filled',
    remedy: 'Fill one of them and leave the others blank.'
  },
  BODY_REQUIRED: {
    status: 400,
    message: '{method} {path} needs a body, and no property of the object is filled that it takes',
    remedy: 'Fill a property of "{type}" that the operation takes.'
  },
  ID_REQUIRED: {
    status: 400,
    message: 'object {index} of type "{type}" has no external id, which this {what} needs',
    remedy: 'Load the object before, so that it carries its external id.'
  },
  ID_GENERATED: {
    status: 400,
    message: 'object {index} of type "{type}" has an id that the connector made from its content',
    remedy: 'Name the property that identifies it in `x-flow-type.id`.'
  },
  ID_INVALID: {
    status: 400,
    message: 'the external id of type "{type}" is not one of its composite keys',
    remedy: 'Use the external id exactly as it was loaded.'
  },
  SAVE_INCOMPLETE: {
    status: 400,
    message: '{cause}; {failed} of {count} not saved; saved: {saved}',
    remedy: 'Correct what failed, and save all but these again: {saved}.'
  },
  OBJECT_CHANGED: {
    status: 412,
    message: 'object "{id}" of type "{type}" has changed since the flow loaded it',
    remedy: 'Load the object again, and make the change on that.'
  },
  ROWS_REFUSED: {
    status: 400,
    message: '{method} {path} says of {refused} of {count} objects that it did not save them',
    remedy: 'Correct those objects and save them again.'
  },
  DELETE_INCOMPLETE: {
    status: 400,
    message: '{cause}; {failed} of {count} not deleted; deleted: {saved}',
    remedy: 'Delete all of them again: what is gone already counts as deleted.'
  },
  EXAMPLE_UNKNOWN: {
    status: 400,
    message: '{method} {path} has no example "{given}"{suggestion}',
    remedy: 'Use a response or example name that the document declares: {known}.'
  },
  EXAMPLE_MISSING: {
    status: 400,
    message: '{method} {path} declares no example to answer with, and no schema to make one from',
    remedy: 'Add an example to the response, to its schema, or to the type.'
  },
  EXAMPLE_TOO_COMPLEX: {
    status: 400,
    message: 'no example can be made from the schema of {method} {path}: {reason}',
    remedy: 'Add an example to the response, to its schema, or to the type.'
  },
  EXAMPLE_BUSY: {
    status: 503,
    message: 'too many examples are made at once for one of {method} {path}',
    remedy: 'Try again a little later, or add an example to the response.'
  },
  URL_INVALID: {
    status: 400,
    message: '"{name}" is no http or https URL',
    remedy: 'Give an absolute URL without user name and password, or `sample:<name>`.'
  },
  EGRESS_DENIED: {
    status: 403,
    message: '{host} may not be called from here',
    remedy: 'Use a public address, or have the operator name {host} in EGRESS_ALLOW.'
  },
  DNS_TIMEOUT: {
    status: 504,
    message: 'no name server told the address of {host} in time',
    remedy: "Check the name, and the name servers of the connector's machine."
  },
  DOCUMENT_UNREACHABLE: {
    status: 502,
    message: 'the document at {url} could not be fetched: {reason}',
    remedy: "Check the URL from the connector's network."
  },
  DOCUMENT_STATUS: {
    status: 502,
    message: "the document's server answered {status} for {url}",
    remedy: 'Check the URL, and "Schema Token" if the document is protected.'
  },
  DOCUMENT_REDIRECT: {
    status: 502,
    message: 'the document at {url} redirects to where it may not be followed',
    remedy: 'Give the URL that the document has at last.'
  },
  DOCUMENT_CONNECT_TIMEOUT: {
    status: 504,
    message: 'the server of the document at {url} took no connection within {limit} ms',
    remedy: 'Check that the server is up, or raise CONNECT_TIMEOUT_MS.'
  },
  DOCUMENT_TIMEOUT: {
    status: 504,
    message: 'the document at {url} did not arrive within {limit} ms',
    remedy: 'Host the document closer, or raise UPSTREAM_TIMEOUT_MS.'
  },
  DOCUMENT_TOO_LARGE: {
    status: 413,
    message: 'the document at {url} is larger than {limit} bytes',
    remedy: 'Publish a smaller document, or raise DOCUMENT_MAX_BYTES.'
  },
  DOCUMENT_NOT_PARSED: {
    status: 422,
    message:
      'the document at {url} is neither JSON nor YAML: {reason} at line {line}, column {column}',
    remedy: 'Correct the document at that place.'
  },
  DOCUMENT_TOO_COMPLEX: {
    status: 422,
    message: 'the document at {url} is too complex: {reason}',
    remedy: 'Publish it with less nesting and fewer YAML aliases.'
  },
  COMPILER_BUSY: {
    status: 503,
    message: '{limit} documents of this tenant wait to be compiled already',
    remedy: 'Try again a little later.'
  },
  DOCUMENT_NOT_OPENAPI: {
    status: 422,
    message: 'what {url} holds is not an OpenAPI document',
    remedy: 'Give the URL of the document itself, whose root has a member `openapi`.'
  },
  DOCUMENT_VERSION_UNSUPPORTED: {
    status: 422,
    message: 'the document at {url} is of version {given}',
    remedy: 'Publish it as OpenAPI 3.0, 3.1 or 3.2.'
  },
  SERVER_MISSING: {
    status: 422,
    message: '{method} {path} has no server: the document names none that can be resolved',
    remedy: 'Add `servers` to the document, or fill "Server URL".'
  },
  SERVER_VARIABLE_INVALID: {
    status: 400,
    message: 'server variable "{name}" cannot take its value: {reason}',
    remedy: 'Set it in "Server Variables" to {allowed}.'
  },
  ORIGIN_NOT_APPROVED: {
    status: 409,
    message: 'no credential is sent to {host}, which is none of the hosts that may get one',
    remedy: 'If the host is meant, name all hosts that may get credentials in "Allowed Hosts".'
  },
  LOGIN_UNAVAILABLE: {
    status: 400,
    message: 'the document has no login that the configuration can serve',
    remedy:
      'Give a security scheme `x-flow-identity`; OAuth 2.0 and OpenID Connect also need "OAuth2/OIDC: Client Id".'
  },
  LOGIN_DENIED: {
    status: 401,
    message: '{reason}',
    remedy: 'Log in again.'
  },
  LOGIN_INSECURE: {
    status: 403,
    message: 'a login would send its secrets to {host} over plain http',
    remedy: 'Use https, or let the operator name that host in EGRESS_ALLOW.'
  },
  LOGIN_URL_INVALID: {
    status: 422,
    message: 'security scheme "{scheme}" has an address that is no http or https URL: {given}',
    remedy: 'Correct the address in the security scheme or its `x-flow-identity`.'
  },
  LOGIN_USER_UNKNOWN: {
    status: 422,
    message: 'the answer of {host} does not say who the user of security scheme "{scheme}" is',
    remedy: 'Let `me.userId` of `x-flow-identity` name the member that identifies a user.'
  },
  IDENTITY_UNREACHABLE: {
    status: 502,
    message: 'the identity provider {host} could not be reached: {reason}',
    remedy: 'Check that it is up and that its address can be reached from the connector.'
  },
  IDENTITY_TIMEOUT: {
    status: 504,
    message: 'the identity provider {host} did not answer within {limit} ms',
    remedy: 'Check that it is up, or raise UPSTREAM_TIMEOUT_MS.'
  },
  IDENTITY_FAILED: {
    status: 502,
    message: 'the identity provider {host} answered {status}',
    remedy: 'Check the addresses of the security scheme, and that the provider is up.'
  },
  IDENTITY_CLIENT_REFUSED: {
    status: 502,
    message: 'the identity provider {host} refuses the connector: {error}',
    remedy: 'Check "OAuth2/OIDC: Client Id" and "OAuth2/OIDC: Client Secret".'
  },
  IDENTITY_METADATA_INVALID: {
    status: 502,
    message: 'the discovery document of the identity provider {host} cannot be used: {reason}',
    remedy: 'Check `openIdConnectUrl` of the security scheme, and the provider.'
  },
  IDENTITY_ANSWER_INVALID: {
    status: 502,
    message: 'the identity provider {host} gave an answer that cannot be used: {reason}',
    remedy: 'Check the provider, and the addresses of the security scheme.'
  },
  API_ERROR: {
    status: 502,
    message: '{message}',
    remedy: 'The API refused the call; its answer is in responseBody.{credential}'
  },
  UPSTREAM_UNREACHABLE: {
    status: 502,
    message: '{host} could not be reached: {reason}',
    remedy: 'Check that the API is up and that its address can be reached from the connector.'
  },
  UPSTREAM_TLS: {
    status: 502,
    message: 'there is no trusted connection to {host}: {reason}',
    remedy:
      'Serve a valid certificate for that name; its issuer may need CA_FILE, and a server that asks who calls CLIENT_CERT_FILE.'
  },
  UPSTREAM_RESET: {
    status: 502,
    message: '{host} closed the connection before its answer was complete',
    remedy: 'Try again; if it wrote something, check there whether it did.'
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    message: '{host} did not answer within {limit} ms',
    remedy: 'Ask the API for fewer records, or raise UPSTREAM_TIMEOUT_MS.'
  },
  FLOW_TIMEOUT: {
    status: 504,
    message: 'the answer was not ready within {limit} ms: {reached}',
    remedy: 'Ask for less at a time, or raise FLOW_TIMEOUT_MS.'
  },
  UPSTREAM_CONNECT_TIMEOUT: {
    status: 504,
    message: '{host} took no connection within {limit} ms',
    remedy: 'Check that the API is up, or raise CONNECT_TIMEOUT_MS.'
  },
  UPSTREAM_TOO_LARGE: {
    status: 502,
    message: 'the answer of {host} is larger than {limit} bytes',
    remedy: 'Ask for fewer records at a time, or raise RESPONSE_MAX_BYTES.'
  },
  UPSTREAM_NOT_JSON: {
    status: 502,
    message: '{host} answered {status} with {mediaType}, not with JSON',
    remedy: 'Map an operation that answers JSON.'
  },
  UPSTREAM_REDIRECT: {
    status: 502,
    message: '{host} answered {status}, a redirect, which is not followed',
    remedy: 'Use the address that the API has at last as its server.'
  },
  UPSTREAM_PROTOCOL: {
    status: 502,
    message: '{host} did not answer in HTTP: {reason}',
    remedy: 'Check that the server URL is that of the API.'
  },
  RATE_LIMITED: {
    status: 429,
    message: 'the rate limit of {host} allows the next call in {seconds} s',
    remedy: 'Call less often, or raise `x-flow-rate-limit` of the operation.'
  },
  CIRCUIT_OPEN: {
    status: 503,
    message: '{host} failed repeatedly and is left alone for {seconds} s',
    remedy: 'Try again after that; check that the API is up.'
  },
  ORIGIN_BUSY: {
    status: 503,
    message: '{host} is busy with as many calls as are made at once',
    remedy: 'Try again a little later.'
  },
  PAGING_REPEATED: {
    status: 502,
    message: 'the list of type "{type}" does not end: a page that was read came again',
    remedy: 'Correct `x-flow-pagination` of the operation, or set its type to `none`.'
  },
  PAGING_UNREADABLE: {
    status: 502,
    message: 'the next page cannot be read from "{field}" of the answer',
    remedy: 'Let `x-flow-pagination` name the member that holds the cursor or the address.'
  },
  PAGING_FOREIGN: {
    status: 502,
    message:
      'the next page of {method} {path} stands at another origin, {host}, which is not called',
    remedy: 'Page by another scheme in `x-flow-pagination`, or name that origin as the server.'
  },
  ANSWER_UNEXPECTED: {
    status: 502,
    message: '{method} {path} answered without an object where one is needed',
    remedy: 'Set `records` of the mapping to where the object stands.'
  },
  INTERNAL: {
    status: 500,
    message: 'the connector failed',
    remedy: 'Report it with the request id.'
  }
} as const satisfies Record<string, ProblemEntry>

/** Every diagnostic that a document can have (x-flow 13). */
export const DIAGNOSTICS = {
  DOCUMENT_NOT_ANNOTATED: {
    severity: 'info',
    message: 'the document has no x-flow-type, so there is no type to install',
    remedy: 'Add `x-flow-type` and a mapping such as `x-flow-query` to a schema.'
  },
  DOCUMENT_LARGE: {
    severity: 'warning',
    message: 'the document has {bytes} bytes, which makes every first use slow',
    remedy: 'Publish only the part that flows use.'
  },
  ORIGIN_ADDED: {
    severity: 'warning',
    message:
      'the document names {host}, which it did not when it was used first; it gets no credential',
    remedy: 'If the host is meant, name all hosts that may get credentials in "Allowed Hosts".'
  },
  DOCUMENT_TOO_WIDE: {
    severity: 'error',
    message:
      'more comes of the document than a model may hold: among others {types} types and {mappings} mappings are left out',
    remedy: 'Take `x-flow-type` from schemas that flows do not use, or publish several documents.'
  },
  FINDINGS_UNTOLD: {
    severity: 'warning',
    message: 'there are {count} more diagnostics, which are not told',
    remedy: 'Correct those that are told first.'
  },
  DOCUMENT_STALE: {
    severity: 'warning',
    message: 'the document could not be read again ({reason}); the copy of {seconds} s ago serves',
    remedy: 'Make the document readable again.'
  },
  SECURITY_SCHEMES_MISPLACED: {
    severity: 'warning',
    message: '`securitySchemes` stands under `components.schemas`; it is used all the same',
    remedy: 'Move it to `components.securitySchemes`.'
  },
  EXTENSION_UNKNOWN: {
    severity: 'warning',
    message: '"{given}" is no key of this vocabulary{suggestion}',
    remedy: 'Correct the key; it is not read.'
  },
  EXTENSION_MISPLACED: {
    severity: 'warning',
    message: '`{given}` is not read here: it stands on {place}',
    remedy: 'Move it to {place}.'
  },
  MEMBER_UNKNOWN: {
    severity: 'warning',
    message: '`{key}` has no member "{given}"{suggestion}',
    remedy: 'Use one of: {known}.'
  },
  EXTENSION_MALFORMED: {
    severity: 'error',
    message: '`{key}` cannot be read: {reason}',
    remedy: 'Write it as section {section} of the vocabulary says.'
  },
  TYPE_NAME_CLAIMED: {
    severity: 'error',
    message: 'the type name "{name}" is already taken by the schema at {other}',
    remedy: 'Give one of the two schemas another `x-flow-type.name`.'
  },
  MAPPING_WITHOUT_TYPE: {
    severity: 'error',
    message: '`{key}` stands on a schema without `x-flow-type`',
    remedy: 'Add `x-flow-type` with a name beside it.'
  },
  MAPPING_PATH_UNKNOWN: {
    severity: 'error',
    message: 'the document has no path "{given}"{suggestion}',
    remedy: 'Use a key of `paths`.'
  },
  MAPPING_OPERATION_UNKNOWN: {
    severity: 'error',
    message: 'path "{path}" has no operation "{given}"{suggestion}',
    remedy: 'Use a method that the path declares.'
  },
  PARAMETER_UNKNOWN: {
    severity: 'warning',
    message:
      '{method} {path} declares no parameter "{given}"{suggestion}; it is sent in the {place}',
    remedy: 'Declare the parameter, or correct its name.'
  },
  PARAMETER_UNFILLED: {
    severity: 'warning',
    message: 'nothing fills the required parameter "{parameter}" of {method} {path}',
    remedy: 'Add it to `parameters` of the mapping, or give its schema a default.'
  },
  PARAMETER_UNSUPPORTED: {
    severity: 'error',
    message: 'parameter "{parameter}" cannot be used: {reason}',
    remedy: '{remedy}.'
  },
  SOURCE_UNKNOWN: {
    severity: 'warning',
    message: '"{given}" is neither a source nor a property of type "{type}"{suggestion}',
    remedy: 'Use a source word or a property of the type.'
  },
  ENCODE_UNUSABLE: {
    severity: 'warning',
    message: '`encode: {given}` is not used: {reason}',
    remedy: 'Use `double` or `single`, on a parameter in the path or the query.'
  },
  EXCLUDE_UNKNOWN: {
    severity: 'warning',
    message: 'type "{type}" has no property "{given}" to exclude{suggestion}',
    remedy: "Correct the property's name."
  },
  ID_PROPERTY_UNKNOWN: {
    severity: 'warning',
    message: 'type "{type}" has no property "{given}" to identify its objects{suggestion}',
    remedy: 'Correct `x-flow-type.id`.'
  },
  CUSTOM_PROPERTY_UNKNOWN_KIND: {
    severity: 'warning',
    message: 'custom property "{property}" has the kind "{given}", which is none; it is text',
    remedy: 'Use one of: {known}.'
  },
  PROPERTY_RENAMED: {
    severity: 'warning',
    message:
      'property "{key}" of type "{type}" is named "{name}", because another one has its name',
    remedy: 'Rename one of the two, if a clearer name matters.'
  },
  TYPE_RENAMED: {
    severity: 'warning',
    message: 'the type of "{place}" is named "{name}", because another one has its name',
    remedy: 'Give the schema an `x-flow-type` with a name of its own.'
  },
  TYPE_BOUND_REACHED: {
    severity: 'warning',
    message:
      'type "{name}" has more nested objects than are unfolded; the rest are JSON text: {schemas}',
    remedy: 'Give the nested schemas that flows need an `x-flow-type`.'
  },
  TYPE_EMPTY: {
    severity: 'warning',
    message: 'type "{name}" is not installed: {reason}',
    remedy: 'Give the schema properties, or an example.'
  },
  SCHEMA_MALFORMED: {
    severity: 'error',
    message: 'the schema cannot be read: {reason}',
    remedy: 'Write it as a Schema Object.'
  },
  PATH_ITEM_MALFORMED: {
    severity: 'error',
    message: '"{path}" cannot be read: {reason}',
    remedy: 'Write it as a Path Item Object.'
  },
  REF_UNRESOLVED: {
    severity: 'error',
    message: '`{ref}` leads nowhere{suggestion}',
    remedy: 'Correct the reference.'
  },
  REF_NOT_ALLOWED: {
    severity: 'error',
    message: 'the reference leads to where this document may not refer to',
    remedy: 'Refer to a document at an http or https URL, or move what is needed into this one.'
  },
  REF_UNREADABLE: {
    severity: 'error',
    message: '`{ref}` cannot be followed: {reason} [{problem}]',
    remedy: 'Correct the reference, or the document that it leads to.'
  },
  REF_LIMIT: {
    severity: 'error',
    message: 'references to other documents are not followed ({count}): {rule}',
    remedy: 'Put what is needed into fewer and smaller documents.'
  },
  REF_CYCLE: {
    severity: 'error',
    message: '`{ref}` refers to itself',
    remedy: 'Let the chain of references end at a definition.'
  },
  MEDIA_TYPE_UNSUPPORTED: {
    severity: 'error',
    message: '{method} {path} has {what} only as {given}',
    remedy: 'Offer application/json.'
  },
  SECURITY_SCHEME_UNKNOWN: {
    severity: 'warning',
    message: '`security` names "{given}", which is no security scheme{suggestion}',
    remedy: 'Add it to `components.securitySchemes`.'
  },
  SECURITY_SCHEME_UNSUPPORTED: {
    severity: 'warning',
    message:
      'security scheme "{scheme}" is of the kind "{type}", which the connector does not speak',
    remedy: 'Offer the operations that name it under apiKey, http basic, http bearer or oauth2 too.'
  },
  IDENTITY_UNUSABLE: {
    severity: 'error',
    message: 'nobody can log in through security scheme "{scheme}": {reason}',
    remedy: 'Write `x-flow-identity` as section 10 of the vocabulary says, or remove it.'
  },
  SERVER_UNKNOWN: {
    severity: 'warning',
    message:
      'the document names no server and has no address of its own, so live calls need "Server URL"',
    remedy: 'Add `servers` to the document.'
  },
  CREDENTIAL_OVER_HTTP: {
    severity: 'warning',
    message: '{method} {path} sends a credential to {host} over plain http',
    remedy: 'Use an https server.'
  },
  EXAMPLE_NAME_UNKNOWN: {
    severity: 'error',
    message: '{method} {path} has no example "{given}"{suggestion}',
    remedy: 'Use a name that the response declares.'
  },
  EXAMPLE_RESPONSE_UNKNOWN: {
    severity: 'error',
    message: '{method} {path} declares no response "{given}"{suggestion}',
    remedy: 'Use a declared response code.'
  },
  RECORDS_INFERRED: {
    severity: 'info',
    message: 'the objects of `{key}` of type "{type}" are taken from {place}',
    remedy: 'Set `records` of the mapping if they stand elsewhere.'
  },
  RULES_UNCHECKED: {
    severity: 'info',
    message:
      'the rules of the OpenAPI Specification could not be tried on a document of this size or form',
    remedy: 'Check the document with a linter, if that matters.'
  },
  BATCH_UNUSABLE: {
    severity: 'warning',
    message: '`batch` of the `{key}` of {path} is not used: {reason}',
    remedy: 'Give it to an `x-flow-save` whose operation takes a JSON array.'
  },
  RETRY_IGNORE_UNUSABLE: {
    severity: 'error',
    message: '`ignore` cannot be used by the `{key}` of {path}: a write that failed is no success',
    remedy: 'Give it to the operations that load and delete only.'
  },
  PAGING_INFERRED: {
    severity: 'info',
    message: 'the list of `{key}` is paged by {place}, as the names say',
    remedy: 'Set `x-flow-pagination` of the operation if it is paged otherwise.'
  },
  RULE_BROKEN: {
    severity: 'warning',
    message: '{message}',
    remedy: 'Correct the document after the OpenAPI Specification.'
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
  TextOf<(typeof DIAGNOSTICS)[Code]>
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

/** ` (did you mean "x"?)`, or blank without a suggestion: the value of the hole `suggestion`. */
export function suggestion(word: string | undefined): string {
  return word === undefined ? '' : ` (did you mean "${word}"?)`
}

/** What an API answered, for the flow's debugger; nothing in it is secret. */
export type UpstreamAnswer = {
  /** Without query and user information. */
  readonly url: string
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** At most 4 KB, secrets removed. */
  readonly body: string
}

type ProblemDetails = {
  /** The status of the answer, where it is not the catalogue's: an API's own. */
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
