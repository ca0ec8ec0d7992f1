import {
  constructFromEvents,
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  type Event,
  EVENT_ID,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException
} from 'js-yaml'

import { exactNumber } from '../base/exact-number.ts'
import type { ExactNumber, JsonValue } from '../base/json.ts'
import { isExactNumber } from '../base/json.ts'
import { TREE_DEPTH_MAX } from './check-tree.ts'

const JSON_INTEGER = /^-?(?:0|[1-9]\d*)$/
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const YAML_INTEGER = /^[-+]?\d+$/
const YAML_NUMBER = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const NO_NUMBER = /$^/
const NUMBER_STARTS = ['-', '+', '.', ...'0123456789']

/**
 * A number that keeps its digits. Only the grammar of JSON makes one: with a leading zero or a plus, in hexadecimal
 * or octal, a scalar is text, unless it has the tag of numbers.
 */
function numberTag(tagName: string, json: RegExp, yaml: RegExp) {
  return defineScalarTag<number | ExactNumber>(tagName, {
    implicit: true,
    implicitFirstChars: NUMBER_STARTS,
    resolve: (source, isTagged) => {
      if (isTagged && /^0[ox][\da-fA-F]+$/.test(source) && Number.isSafeInteger(Number(source))) {
        return Number(source)
      }
      const isNumber = (isTagged ? yaml : json).test(source)
      return (isNumber ? exactNumber(source) : undefined) ?? NOT_RESOLVED
    },
    identify: () => false
  })
}

/** A mapping that accepts exact numbers as keys: an alias or a tag makes them. */
const MAPPING = defineMappingTag(mapTag.tagName, {
  ...mapTag,
  addPair: (mapping, key, value) => mapTag.addPair(mapping, keyOf(key), value),
  has: (mapping, key) => mapTag.has(mapping, keyOf(key)),
  get: (mapping, key) => mapTag.get(mapping, keyOf(key))
})

function keyOf(key: unknown): unknown {
  return isExactNumber(key) ? key.rawJSON : key
}

/** The core schema (dates, `yes` and `no` are text) with merge keys, and exact numbers in some forms. */
function schemaWith(integer: RegExp, number: RegExp) {
  return CORE_SCHEMA.withTags(
    MAPPING,
    numberTag('tag:yaml.org,2002:int', integer, YAML_INTEGER),
    numberTag('tag:yaml.org,2002:float', number, YAML_NUMBER),
    mergeTag
  )
}

const SCHEMAS = {
  exact: schemaWith(JSON_INTEGER, JSON_NUMBER),
  text: schemaWith(NO_NUMBER, NO_NUMBER)
} as const

/**
 * Parses YAML, of which JSON is a subset (docs/x-flow.md#documents). Keys are their text, as in JSON: `007`, `1.10`,
 * `True` and `null`.
 *
 * @param numbers What a plain number is: a number with all its digits (default), or its text: `1.0` has other digits
 *   than `1`.
 * @throws YAMLException
 */
export function parseYaml(text: string, numbers: keyof typeof SCHEMAS = 'exact'): JsonValue {
  const events = parseEvents(text, { maxDepth: TREE_DEPTH_MAX })
  const documents = constructFromEvents(withTextKeys(events, text), {
    source: text,
    schema: SCHEMAS[numbers]
  })
  if (documents.length !== 1) throw new YAMLException('expected a single document')
  const [value] = documents
  return isJson(value) ? value : null
}

/** With this schema js-yaml makes only JSON values; the check is for the type. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== 'function'
}

/** Makes every plain key a quoted one, except the merge key. */
function withTextKeys(events: readonly Event[], text: string): Event[] {
  /** For each open container whether its next node is a key; null where there are no keys. */
  const open: (boolean | null)[] = []
  return events.map(event => {
    if (event.type === EVENT_ID.POP) {
      open.pop()
      return event
    }
    const isKey = open.at(-1) ?? null
    if (isKey !== null) open[open.length - 1] = !isKey
    if (event.type === EVENT_ID.MAPPING) open.push(true)
    else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT) open.push(null)
    return event.type === EVENT_ID.SCALAR && isKey === true ? textKey(event, text) : event
  })
}

function textKey(event: ScalarEvent, text: string): ScalarEvent {
  const { style, fast, valueStart, valueEnd } = event
  // What folds over lines looks like nothing but text.
  const isRead = style === SCALAR_STYLE.PLAIN && (fast || valueStart < 0)
  if (!isRead || text.slice(valueStart, valueEnd) === '<<') return event
  return { ...event, style: SCALAR_STYLE.SINGLE_QUOTED }
}
