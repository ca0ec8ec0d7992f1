import { createRepeatedAnswers } from '../../service/exchange/repeated-answers.ts'
import type { ResponseBudget } from '../../service/net/response-budget.ts'
import { createResponseBudget } from '../../service/net/response-budget.ts'

/** A budget of fetched documents that no test fills. */
export const FETCHES: ResponseBudget = createResponseBudget('FETCHES_FULL', 1e9, 1)

/** A budget of answers that no test fills. */
export const ANSWERS: ResponseBudget = createResponseBudget('ANSWERS_FULL', 1e9, 1)

/** A memory of repeated answers. */
export const REPEATED = createRepeatedAnswers(1e9, () => performance.now())
