/** An entry about a diagnostic in a document. */
export type DiagnosticEntry = {
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly remedy: string
  /** The heading of the docs that says what is right: its page and anchor. */
  readonly see: string
}

/** Every diagnostic that a document can have (docs/x-flow.md#diagnostics). */
export const DIAGNOSTICS = {
  DOCUMENT_NOT_ANNOTATED: {
    severity: 'info',
    message: 'the document has no `x-flow-type`, so there is no type to install',
    remedy:
      'It has {count} operations. Give the schema of an object an `x-flow-type` and mappings; `openapi-flow infer` tells why each operation is left alone.',
    see: 'x-flow.md#where-the-keys-go'
  },
  TYPES_INFERRED: {
    severity: 'info',
    message:
      'the document has no `x-flow-type`, so types and their mappings are inferred, {count} in all',
    remedy:
      'Read what `openapi-flow infer` proposes, and give it back as `Overlay URL` once it is right. `Inference: off` leaves it.',
    see: 'x-flow.md#inference'
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
  SWAGGER_CONVERTED: {
    severity: 'info',
    message: 'the document is Swagger 2.0, and was converted to OpenAPI 3.0',
    remedy: 'Publish it as OpenAPI 3.0 or later if something is missing.',
    see: 'x-flow.md#swagger-20'
  },
  SWAGGER_LOST: {
    severity: 'warning',
    message: 'the conversion to OpenAPI 3.0 loses something here: {reason}',
    remedy: 'Write what is meant in an overlay, or publish the document as OpenAPI 3.0 or later.',
    see: 'x-flow.md#swagger-20'
  },
  OVERLAY_ACTION_INVALID: {
    severity: 'error',
    message: '`{action}` of the overlay is not applied, or not as a whole: {reason}',
    remedy: 'Correct the action. The other actions are applied.',
    see: 'x-flow.md#overlays'
  },
  OVERLAY_TARGET_MISSING: {
    severity: 'warning',
    message:
      '`{action}` of the overlay changes nothing, because its target matches nothing{suggestion}',
    remedy: 'Correct the target, or remove the action.',
    see: 'x-flow.md#overlays'
  },
  OVERLAY_EXTENDS_OTHER: {
    severity: 'warning',
    message: 'the overlay says that it extends {given}, which is not this document',
    remedy: 'Use the overlay of this document, or correct `extends`.',
    see: 'x-flow.md#overlays'
  },
  OVERLAY_LIMIT: {
    severity: 'error',
    message: '`{action}` of the overlay and all that follow are not applied: {rule}',
    remedy: 'Remove actions, or give them targets that match less.',
    see: 'x-flow.md#overlays'
  },
  DOCUMENT_TOO_WIDE: {
    severity: 'error',
    message:
      'the document makes more than a model may hold; {types} types and {mappings} mappings are left out, among others',
    remedy:
      'Remove `x-flow-type` from schemas that flows do not use, or publish several documents.',
    see: 'x-flow.md#limits-of-a-document'
  },
  CATALOG_TAG_SKIPPED: {
    severity: 'warning',
    message: 'the tag makes no collection of the catalog: {reason}',
    remedy: 'Give each tag a name of its own that is text.',
    see: 'catalog.md#collections'
  },
  CATALOG_CUT: {
    severity: 'warning',
    message:
      'the catalog leaves out what is too much for it: {operations} operations, {endpoints} entries of operations in collections, {fields} fields with what is inside them, and {descriptions} descriptions',
    remedy: 'Publish the API as several documents, or nest its schemas less.',
    see: 'catalog.md#limits-of-a-catalog'
  },
  FINDINGS_UNTOLD: {
    severity: 'warning',
    message: '{count} more diagnostics were left out',
    remedy: 'Correct the listed diagnostics first.',
    see: 'x-flow.md#diagnostics'
  },
  DOCUMENT_KEPT: {
    severity: 'info',
    message: 'the document is kept for trying, until {until}',
    remedy: 'Publish it at a URL before flows rely on it.',
    see: 'running.md#kept-texts'
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
  PIPELINE_UNFIT: {
    severity: 'error',
    message: '`{part}` cannot be run: {reason}',
    remedy: 'Correct it, or remove it from the manifest that is run.',
    see: 'pipelines.md#running-a-pipeline'
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
  MANIFEST_OUTPUT_UNTYPED: {
    severity: 'info',
    message: '`{part}` has no `schema`, so that it becomes no type: no flow could fill its fields',
    remedy: 'Write `schema` if flows shall write to it.',
    see: 'pipelines.md#outputs'
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
  MAPPING_REPEATED: {
    severity: 'warning',
    message: '`{key}` is never used, because `{other}` makes the same calls',
    remedy: 'Remove it, or give it other parameters.',
    see: 'x-flow.md#several-mappings-of-one-type'
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
  SERVER_VARIABLE_NOT_ALLOWED: {
    severity: 'error',
    message: 'the server variable "{variable}" cannot be "{given}"',
    remedy: 'Use one of: {allowed}.',
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
  },
  WORKFLOW_KEY_UNKNOWN: {
    severity: 'error',
    message: '`{key}` is no key of a workflow file{suggestion}',
    remedy: 'Use one of: {known}.',
    see: 'catalog.md#the-workflow-file'
  },
  WORKFLOW_KEY_MISSING: {
    severity: 'error',
    message: '`{key}` is missing',
    remedy: 'Add it.',
    see: 'catalog.md#the-workflow-file'
  },
  WORKFLOW_KEY_UNUSED: {
    severity: 'info',
    message: '`{key}` is ignored: the catalog of an API has no such step',
    remedy: 'Remove it, or leave it for other tools.',
    see: 'catalog.md#the-workflow-file'
  },
  WORKFLOW_VALUE_INVALID: {
    severity: 'error',
    message: '`{key}` {reason}',
    remedy: 'Write {allowed}.',
    see: 'catalog.md#the-workflow-file'
  },
  WORKFLOW_VALUE_UNSUPPORTED: {
    severity: 'error',
    message: '`{key}` is "{given}", which is not supported',
    remedy: 'Use {known}.',
    see: 'catalog.md#the-workflow-file'
  },
  WORKFLOW_TOKEN_UNFILLED: {
    severity: 'error',
    message: '`securityConfig.jwtToken` is still "{given}", which stands for a token',
    remedy: 'Write the token of a bot, or `secret:NAME`.',
    see: 'catalog.md#secrets'
  },
  WORKFLOW_TOKEN_EXPOSED: {
    severity: 'warning',
    message: '`hostPort` is http, so that everybody on the way can read the token',
    remedy: 'Use https.',
    see: 'catalog.md#what-is-sent-where'
  },
  WORKFLOW_TLS_UNCHECKED: {
    severity: 'warning',
    message: '`verifySSL` is `ignore`, so that anybody may answer in place of {host}',
    remedy: 'Use `validate` with `sslConfig.caCertificate`.',
    see: 'catalog.md#tls'
  }
} as const satisfies Record<string, DiagnosticEntry>
