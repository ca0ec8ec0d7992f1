import type { Form } from '../../base/form.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { dictionary, isJsonObject } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { fits } from '../../base/violations.ts'
import type { DiagnosticCode, DiagnosticHoles } from '../../errors.ts'
import { ConnectorError, suggestion } from '../../errors.ts'
import type { Diagnostic, UnlocatedDiagnostic } from '../../model/diagnostic.ts'
import { unlocatedDiagnostic } from '../../model/diagnostic.ts'
import { knownMembers, misfit } from '../../parse/extensions.ts'
import { findPositions } from '../../parse/find-positions.ts'
import { parseOther } from '../../parse/parse-document.ts'
import type { Environment } from '../secrets/local-secrets.ts'
import { expandVariables } from './expand-variables.ts'
import { workflowFaults } from './workflow-faults.ts'
import type { WorkflowFile } from './workflow-form.ts'
import { UNUSED_KEYS, WorkflowForm } from './workflow-form.ts'

/** A workflow file as it was read. */
export type ReadWorkflow = {
  /** Null if a diagnostic is an error. */
  readonly file: WorkflowFile | null
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the text of a workflow file, in YAML or JSON (docs/catalog.md#the-workflow-file). Keys that the file must not have, that
 * are missing or that have a wrong value are errors, each with its line.
 *
 * @param name Of the file, for messages.
 * @param environment Variables that its texts may name.
 * @throws ConnectorError `WORKFLOW_MALFORMED`, `DOCUMENT_NOT_PARSED` with line and column, `DOCUMENT_TOO_COMPLEX`.
 */
export function readWorkflow(
  text: string,
  name: string,
  environment: Environment = {}
): ReadWorkflow {
  const root = withoutBlanks(WorkflowForm, parseKeys(text, name, environment))
  const found = [...judge(WorkflowForm, root, ''), ...unusedKeys(root)]
  const fit = fits(WorkflowForm, root) ? root : null
  if (fit !== null) for (const fault of workflowFaults(fit)) found.push(fault)
  const diagnostics = located(found, text, name)
  return {
    file: diagnostics.some(({ severity }) => severity === 'error') ? null : fit,
    diagnostics
  }
}

function parseKeys(text: string, file: string, environment: Environment): JsonObject {
  const root = expandVariables(parseOther(text, file), environment)
  if (isJsonObject(root)) return root
  throw new ConnectorError('WORKFLOW_MALFORMED', { file })
}

/** A value without the keys that have nothing after them, where these may be left out. */
function withoutBlanks(form: Form, value: JsonObject): JsonObject {
  const known = knownMembers(form) ?? {}
  const entries = Object.entries(value).flatMap(([name, held]) => {
    const member = Object.hasOwn(known, name) ? known[name] : undefined
    if (held === null && member?.isOptional === true) return []
    return [[name, isJsonObject(held) ? withoutBlanks(member ?? {}, held) : held] as const]
  })
  return dictionary(entries)
}

/** Finds the members that a value must not have, those that it lacks, and those that have a wrong value. */
function* judge(form: Form, value: JsonValue, at: Pointer): Generator<UnlocatedDiagnostic> {
  const known = knownMembers(form)
  if (known === null || !isJsonObject(value)) {
    const fault = misfitOf(form, value)
    if (fault !== null) yield diagnostic('WORKFLOW_VALUE_INVALID', at, { key: keyOf(at), ...fault })
    return
  }
  for (const [name, held] of Object.entries(value)) {
    const inner = pointer(at, name)
    if (Object.hasOwn(known, name)) {
      yield* judge(known[name] ?? {}, held, inner)
      continue
    }
    yield diagnostic('WORKFLOW_KEY_UNKNOWN', inner, {
      key: keyOf(inner),
      suggestion: suggestion(nearest(name, Object.keys(known))),
      known: Object.keys(known).join(', ')
    })
  }
  for (const [name, member] of Object.entries(known)) {
    if (member.isOptional === true || Object.hasOwn(value, name)) continue
    yield diagnostic('WORKFLOW_KEY_MISSING', at, { key: keyOf(pointer(at, name)) })
  }
}

/** What is wrong with a value, and what is right. */
function misfitOf(form: Form, value: JsonValue): { reason: string; allowed: string } | null {
  const found = misfit(form, value)
  if (found === undefined) return null
  const isShown = typeof value === 'string' && form.secret !== true
  const given = isShown ? `is "${value}", which is no such value` : found.reason
  return form.allowed === undefined
    ? { reason: found.reason, allowed: 'such a value' }
    : { reason: given, allowed: form.allowed }
}

function unusedKeys(root: JsonObject): UnlocatedDiagnostic[] {
  return UNUSED_KEYS.filter(key => Object.hasOwn(root, key)).map(key =>
    diagnostic('WORKFLOW_KEY_UNUSED', pointer('', key), { key })
  )
}

/** A diagnostic of a workflow file. */
function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  at: Pointer,
  holes: DiagnosticHoles<Code>
): UnlocatedDiagnostic {
  return unlocatedDiagnostic(code, at, holes)
}

/** A key with those around it: `source.type`. */
function keyOf(at: Pointer): string {
  const parts = pointerParts(at) ?? []
  return parts.length === 0 ? 'the file' : parts.join('.')
}

function located(
  found: readonly UnlocatedDiagnostic[],
  text: string,
  file: string
): readonly Diagnostic[] {
  const positions = findPositions(
    text,
    found.map(({ pointer: at }) => at)
  )
  return found
    .map(one => ({ ...one, ...(positions.get(one.pointer) ?? { line: 1, column: 1 }), file }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}
