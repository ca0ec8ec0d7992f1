/** An entry about a change between two versions of a document. */
export type ChangeEntry = {
  /** Whether a flow that uses what changed does not work as before. */
  readonly breaks: boolean
  readonly message: string
  /** What the change does to installed flows, and how to avoid it. */
  readonly effect: string
}

/** Every change that a comparison can find (docs/errors.md#changes). */
export const CHANGES = {
  TYPE_REMOVED: {
    breaks: true,
    message: 'type "{type}" is gone',
    effect:
      'A load, save or delete of it is refused with TYPE_UNKNOWN. When the connector is installed again, flow values of the type lose it.'
  },
  TYPE_RENAMED: {
    breaks: true,
    message: 'type "{type}" seems to be called "{now}" now',
    effect:
      'Flows still name "{type}", which is refused with TYPE_UNKNOWN. Keep the name in `x-flow-type`, or change the flows.'
  },
  TYPE_ADDED: {
    breaks: false,
    message: 'type "{type}" is new',
    effect: 'Flows can use it once the connector is installed again.'
  },
  PROPERTY_REMOVED: {
    breaks: true,
    message: 'property "{property}" of type "{type}" is gone',
    effect:
      'Loads no longer fill it, saves no longer send it, and a filter or an order by it is refused with COLUMN_UNKNOWN.'
  },
  PROPERTY_RENAMED: {
    breaks: true,
    message: 'property "{property}" of type "{type}" seems to be called "{now}" now',
    effect:
      'Flows still name "{property}": loads no longer fill it, saves no longer send it, and a filter or an order by it is refused with COLUMN_UNKNOWN.'
  },
  PROPERTY_RETYPED: {
    breaks: true,
    message: 'property "{property}" of type "{type}" is {now}, and was {before}',
    effect:
      'Flow values of the old content type do not fit: they stay empty, or are refused, until the connector is installed again and the flows are changed.'
  },
  PROPERTY_NARROWED: {
    breaks: true,
    message: 'property "{property}" of type "{type}" holds {now}, and held {before}',
    effect:
      'The content type stays, but flows read and write values of another form. What does not fit it is refused with VALUE_INVALID.'
  },
  PROPERTY_WIDENED: {
    breaks: false,
    message: 'property "{property}" of type "{type}" holds {now}, and held {before}',
    effect: 'What flows write still fits. What they read may be more than before.'
  },
  PROPERTY_UNREAD: {
    breaks: true,
    message: 'property "{property}" of type "{type}" is no longer read',
    effect: 'It is blank in every load.'
  },
  PROPERTY_UNSENT: {
    breaks: true,
    message: '`{key}` of type "{type}" no longer sends property "{property}"',
    effect: 'What flows save in it does not reach the API.'
  },
  PROPERTY_REQUIRED: {
    breaks: true,
    message: '`{key}` of type "{type}" now requires property "{property}"',
    effect: 'The API refuses the objects of flows that leave it empty.'
  },
  PROPERTY_ADDED: {
    breaks: false,
    message: 'property "{property}" of type "{type}" is new',
    effect: 'Flows can use it once the connector is installed again.'
  },
  IDENTITY_CHANGED: {
    breaks: true,
    message: 'the external id of type "{type}" is {now}, and was {before}',
    effect:
      'The ids that flows have kept name no object, or another one: loads by them find nothing, updates and deletes fail.'
  },
  MAPPING_REMOVED: {
    breaks: true,
    message: 'type "{type}" has no `{key}` any more',
    effect: 'Flows that {what} its objects are refused with MAPPING_MISSING.'
  },
  MAPPING_BY_LIST: {
    breaks: false,
    message: 'type "{type}" has no `{key}` any more, only `x-flow-query`',
    effect: 'A load by id reads the list until it finds the object, within the scan limit.'
  },
  MAPPING_ADDED: {
    breaks: false,
    message: 'type "{type}" has `{key}` now',
    effect: 'Flows can {what} its objects.'
  },
  MAPPING_FEWER: {
    breaks: true,
    message: '`{key}` of type "{type}" no longer lists {endpoint}',
    effect: 'Loads that it served are served by another mapping of the list, or refused.'
  },
  MAPPING_MORE: {
    breaks: false,
    message: '`{key}` of type "{type}" lists {endpoint} now',
    effect: 'Loads that fill what it needs call it.'
  },
  MAPPING_UNDECLARED: {
    breaks: true,
    message: 'the document has no {call} any more, which `{key}` of type "{type}" calls',
    effect: 'Flows that {what} its objects call what the API may not have.'
  },
  MAPPING_MOVED: {
    breaks: false,
    message: '`{key}` of type "{type}" calls {now}, and called {before}',
    effect: 'Flows do not notice, provided that it does the same.'
  },
  MAPPING_ANSWERED: {
    breaks: false,
    message: '`{key}` of type "{type}" is answered by {now}, and was by {before}',
    effect: 'Flows get other data.'
  },
  RECORDS_UNDECIDED: {
    breaks: true,
    message: '`{key}` of type "{type}" does not say any more where an answer has the objects',
    effect: 'Loads are refused with ANSWER_UNEXPECTED until `records` names one of {between}.'
  },
  BODY_LOST: {
    breaks: true,
    message: '`{key}` of type "{type}" can no longer send an object: {reason}',
    effect: 'Flows that {what} objects are refused with {code}.'
  },
  BODY_UNFILLED: {
    breaks: true,
    message: '`{key}` of type "{type}" now requires "{member}", which the type does not have',
    effect: 'The API refuses the objects of all flows until `parameters` fills "body.{member}".'
  },
  PARAMETER_UNFILLED: {
    breaks: true,
    message: '`{key}` of type "{type}" now requires parameter "{parameter}", and nothing fills it',
    effect: 'All flows that {what} objects are refused with PARAMETER_REQUIRED.'
  },
  PARAMETER_REQUIRED: {
    breaks: true,
    message: '`{key}` of type "{type}" now requires parameter "{parameter}", filled by {source}',
    effect: 'Flows that leave it empty are refused with PARAMETER_REQUIRED.'
  },
  PARAMETER_NARROWED: {
    breaks: true,
    message: 'parameter "{parameter}" of `{key}` of type "{type}" takes {now}, and took {before}',
    effect: 'Flows that give it anything else are refused with PARAMETER_INVALID.'
  },
  CONDITION_LOCAL: {
    breaks: false,
    message: 'the API no longer filters type "{type}" by "{column}" ({criterion})',
    effect:
      'The condition is evaluated here. A list that is longer than the scan limit is refused with SCAN_LIMIT.'
  },
  CREDENTIAL_REQUIRED: {
    breaks: true,
    message: '{calls} now need {needed}',
    effect: 'The API refuses them until the configuration has it.'
  },
  LOGIN_REMOVED: {
    breaks: true,
    message: 'users can no longer log in with "{scheme}"',
    effect: 'Their logins end, and steps for users who are logged in are closed to them.'
  },
  LOGIN_ADDED: {
    breaks: false,
    message: 'users can log in with "{scheme}"',
    effect: 'Flows need no login unless their access rules say so.'
  },
  HOST_ADDED: {
    breaks: true,
    message: 'credentials would now go to {host}',
    effect: 'Such calls are refused with ORIGIN_NOT_APPROVED until "Allowed Hosts" names the host.'
  }
} as const satisfies { readonly [code: string]: ChangeEntry }
