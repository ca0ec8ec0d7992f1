/** An entry about a request that failed. `{holes}` take values of the request or the document. */
export type ProblemEntry = {
  readonly status: number
  readonly message: string
  readonly remedy: string
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
  KEPT_UNKNOWN: {
    status: 400,
    message: 'the kept text is not there any more, or was never kept by this service',
    remedy:
      'Send the text to `POST /kept` again, and set "Schema URL" to the answer. Texts are kept for a day.'
  },
  KEPT_NO_ROOM: {
    status: 413,
    message: 'the text is too large to be kept',
    remedy: 'Publish it at a URL, or raise DOCUMENT_MAX_BYTES and MODEL_CACHE_MAX_BYTES.'
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
  MAPPING_UNFILLED: {
    status: 400,
    message: 'none of the mappings under {key} of type "{type}" can be used: {needs}',
    remedy: 'Provide what one of them needs, or add a mapping to the list that needs less.'
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
      'Map a parameter of `x-flow-query` from `offset` too, or declare `x-flow-pagination`, in a manifest `pagination`, so that the connector can page. If one answer is the whole list, declare `type: none`.'
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
      'Use an absolute URL of at most 8 KB, with a host of at most 253 characters and without user name and password. "Schema URL" may also be `sample:<name>`, or `kept:<id>` as `POST /kept` answers it.'
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
    message: 'the content of {url} is neither an OpenAPI document nor a manifest',
    remedy:
      'Use the URL of the document itself. Its root has a member `openapi`, that of a manifest `CONFIG`.'
  },
  DOCUMENT_VERSION_UNSUPPORTED: {
    status: 422,
    message: 'the version of the document at {url} is not supported: {given}',
    remedy:
      'Publish it as OpenAPI 3.0, 3.1 or 3.2, with the version as in `openapi: "3.0.3"`, or as Swagger 2.0.'
  },
  DOCUMENT_VERSION_UNQUOTED: {
    status: 422,
    message: 'the version of the document at {url} is the number {given}, and has to be text',
    remedy: 'Quote it: `openapi: "{right}"`.'
  },
  DOCUMENT_NOT_CONVERTED: {
    status: 422,
    message: 'the Swagger 2.0 document at {url} cannot be converted to OpenAPI 3.0: {reason}',
    remedy: 'Publish it as OpenAPI 3.0 or later.'
  },
  OVERLAY_INVALID: {
    status: 422,
    message: 'the overlay at {url} is not an overlay: {reason}, at line {line}, column {column}',
    remedy: 'Use an overlay of version 1.0 or 1.1: docs/x-flow.md#overlays.'
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
    message: '`{place}` of the manifest needs the variable "{variable}", which has no value',
    remedy:
      'Add the line `{variable}=…` to configuration value "Variables", or write `| default(…)` behind it in the manifest. A command also takes it from its environment, and `dt` from --date.'
  },
  FIELDS_UNKNOWN: {
    status: 422,
    message:
      'type "{type}" has no fields: the manifest has no `schema` for it, and its first page has no records',
    remedy: 'Write `schema` into the manifest.'
  },
  ROW_MISFIT: {
    status: 400,
    message: 'the row does not fit type "{type}": {reason}',
    remedy: 'Give the members and values that the type declares.'
  },
  RECORD_MISFIT: {
    status: 502,
    message:
      'record {record} of "{type}" does not fit its schema: "{field}" is {given}, not {expected}',
    remedy: 'Correct the type of "{field}" in `schema` of the manifest, or the data of the API.'
  },
  LIST_NOT_ENDED: {
    status: 502,
    message: 'the list of "{type}" goes on behind the maximum of pages that the manifest declares',
    remedy: 'Raise `pagination.max_pages` of the input, or remove it.'
  },
  PARTITION_VALUE: {
    status: 502,
    message:
      'record {record} of a part of "{type}" has no {kind} in "{field}", so that it belongs to no part',
    remedy:
      'Name in `partition.by` of the input a field that every record has, and bounds of its kind.'
  },
  PARTITION_PAGES: {
    status: 502,
    message:
      'the list of "{type}" leads to its next page by a cursor or link, so that it cannot be cut by pages',
    remedy: 'Cut it by a field of its records with `partition.by` of the input, or read it whole.'
  },
  INCREMENTAL_VALUE: {
    status: 502,
    message:
      'record {record} of "{type}" has no value in "{field}" that could be compared, so that a later read would not know whether it is new',
    remedy: 'Name in `incremental.field` a field that every record has, or leave `incremental` out.'
  },
  INCREMENTAL_ROWS: {
    status: 502,
    message: 'more than {limit} records of "{type}" have the same greatest "{field}"',
    remedy: 'Name in `incremental.field` a field that differs more.'
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
      'Declare in `x-flow-pagination` of the operation, or in `pagination` of the manifest, how it pages: its type, and the names of its parameters and members. If one answer is the whole list, its type is `none`.'
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
      'In `x-flow-pagination`, or in `pagination` of the manifest, name the member that holds the cursor or the address of the next page.'
  },
  PAGING_FOREIGN: {
    status: 502,
    message: 'the next page of {method} {path} is at another origin, {host}, which is not called',
    remedy: 'Declare another type of paging, or use that origin as the server.'
  },
  ANSWER_UNEXPECTED: {
    status: 502,
    message: 'the answer of {method} {path} has no object of type "{type}": {reason}',
    remedy:
      'Set `records` of `{key}`, in a manifest `response.root_key`, to the path of the objects, or correct the schema of the type.'
  },
  SECRET_UNKNOWN: {
    status: 400,
    message: 'there is no secret "{name}"',
    remedy: 'Write it into the file of --secrets, or set {variable} in the environment.'
  },
  SECRETS_MALFORMED: {
    status: 400,
    message: '{file} is no file of secrets',
    remedy: 'Write one secret a line, such as `OM_TOKEN: abc` or `OM_TOKEN=abc`.'
  },
  AWS_KEYS_MISSING: {
    status: 400,
    message: '{place} has no access key of AWS',
    remedy:
      'Write `awsAccessKeyId` and `awsSecretAccessKey`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.'
  },
  ENVIRONMENT_MISSING: {
    status: 400,
    message: 'the environment has no {name}',
    remedy: 'Set {name}, or use another `secretsManagerProvider`.'
  },
  WORKFLOW_MALFORMED: {
    status: 400,
    message: '{file} is no workflow file: it has no keys',
    remedy: 'Write the keys of docs/catalog.md#the-workflow-file.'
  },
  METADATA_SERVER_WRONG: {
    status: 502,
    message: '{host} does not answer as OpenMetadata: {reason}',
    remedy: 'Set `hostPort` to the address of the server, which ends in /api.'
  },
  METADATA_SERVER_OLD: {
    status: 502,
    message: '{host} is OpenMetadata {version}, and 1.5 is the first version with services of APIs',
    remedy:
      'Use a newer server. With `enableVersionValidation: false` the run is tried nevertheless.'
  },
  METADATA_DENIED: {
    status: 502,
    message: '{host} refuses the token of the bot: {reason}',
    remedy:
      'Copy the token of the ingestion bot from the settings of the server into `securityConfig.jwtToken`.'
  },
  METADATA_ENTITY_REFUSED: {
    status: 422,
    message: '"{entity}" cannot be written: {reason}',
    remedy: 'Change the name in the document, or leave it out with a filter.'
  },
  METADATA_STOPPED: {
    status: 503,
    message: 'the run was stopped by {signal}',
    remedy: 'Run it again: what is written already is not written twice.'
  },
  INTERNAL: {
    status: 500,
    message: 'the connector failed',
    remedy: 'Report this together with the request id.'
  }
} as const satisfies Record<string, ProblemEntry>
