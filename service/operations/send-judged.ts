import { ConnectorError } from '../errors.ts'
import type { PlannedCall } from '../exchange/answers.ts'
import type { Answer, ShownObjects } from '../exchange/types.ts'
import type { MappingVerb } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { Judgement } from '../objects/judge-answer.ts'
import { judgeAnswer } from '../objects/judge-answer.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** An answer, what it is to the mapping that asked for it, and the URL that gave it. */
export type JudgedAnswer = {
  readonly answer: Answer
  readonly judgement: Judgement
  readonly url: string
}

/**
 * Sends a call of a mapping and judges its answer (docs/x-flow.md#what-an-answer-is). Logs an odd one.
 *
 * @returns For a mapping that reads a list, an object or nothing. For one that writes also what was not
 *   expected; and for one with batches a refusal, because the rows beside it may tell more.
 * @throws ConnectorError `API_ERROR` for a refusal, and those of the call; `ANSWER_UNEXPECTED` for an answer
 *   to a read without the objects that were asked for.
 */
export async function sendJudged(
  session: Session,
  { mapping, endpoint }: MappedEndpoint,
  call: PlannedCall
): Promise<JudgedAnswer> {
  const answer = await call.send()
  const type = typeNamed(session.model.types, mapping.type)
  const judgement =
    answer.shown === undefined
      ? judgeAnswer({ mapping, endpoint, type }, answer)
      : shownObjects(mapping.verb, answer.shown)
  const { is, reason } = judgement
  if (is === 'refusal' && mapping.batchSize === null) throw refusalOf({ answer, judgement })
  if (is === 'unexpected' && isRead(mapping.verb)) {
    const { method, path } = endpoint
    const key = `x-flow-${mapping.verb}`
    const holes = { method, path, key, type: type.name, reason: masked(answer, reason) }
    throw new ConnectorError('ANSWER_UNEXPECTED', holes)
  }
  if ((is === 'list' || is === 'object') && reason !== '') {
    const { ports, caller } = session
    ports.warn('an answer has no member of its type', {
      tenant: caller.owner.tenant,
      mapping: mapping.key,
      reason: masked(answer, reason)
    })
  }
  return { answer, judgement, url: call.url }
}

/** The objects of an example are what the document says they are. */
function shownObjects(verb: MappingVerb, { objects: values }: ShownObjects): Judgement {
  const isOne = verb === 'load' && values.length === 1
  return { is: isOne ? 'object' : 'list', values, reason: '' }
}

/** The problem of a refusal. It is not that of a call that failed: it is neither retried nor counted. */
export function refusalOf({
  answer,
  judgement
}: Pick<JudgedAnswer, 'answer' | 'judgement'>): ConnectorError {
  const message = judgement.reason
  return (
    answer.problems?.refusal(message) ??
    new ConnectorError('API_ERROR', { message, credential: '' })
  )
}

function masked({ problems }: Answer, text: string): string {
  return problems?.masked(text) ?? text
}
