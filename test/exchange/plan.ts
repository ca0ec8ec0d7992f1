import { USUAL_CONDUCT } from '../../service/model/endpoint-record.ts'
import type { RequestPlan } from '../../service/plan/types.ts'

/** A plan of a GET without credentials, with what a test changes of it. */
export function plan(changes: Partial<RequestPlan> = {}): RequestPlan {
  return {
    operation: 'GET /things',
    method: 'GET',
    url: 'https://api.example.com/things?q=1',
    origin: 'https://api.example.com',
    allowedHosts: null,
    headers: {},
    body: null,
    accept: 'application/json',
    credential: { headers: {}, query: [], cookies: [] },
    grant: null,
    answersJson: true,
    secrets: [],
    missingCredential: null,
    unsentCredentials: [],
    conduct: USUAL_CONDUCT,
    idempotencyKey: null,
    ...changes
  }
}
