import type { TestContext } from 'node:test'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Members, ObjectTable } from './object-table.ts'
import { OBJECT_TABLE, objectTable } from './object-table.ts'
import { answerRefusals, RefusedCall } from './refused-call.ts'
import type { FakeApi } from './start-fake-api.ts'
import { startFakeApi } from './start-fake-api.ts'

/** A personal access token, and the token of the user who logs in. */
export const GITHUB_TOKEN = 'ghp_b7fc2ad01tablesTables'
const USER_TOKEN = 'gho_16C7e42F292c6912E7'

export const GITHUB_CLIENT = { id: 'Iv1.8a61f9b3a7aba766', secret: 'e72e16c7e42f292c6912' }

/** The code that the fake takes, once. */
export const GITHUB_CODE = 'a1b2c3d4e5f6'

const REPOSITORY = '/repos/example-org/tables'
const USERS = ['ada-marsh', 'noor-h', 'tim']

/** Starts GitHub with the repository `example-org/tables`: 70 issues, of which every third is closed, and two labels. */
export function startGitHub(t: TestContext): Promise<FakeApi> {
  return startFakeApi(t, {
    sample: 'github',
    origins: ['https://api.github.com', 'https://github.com'],
    tables: OBJECT_TABLE,
    serve(app, store) {
      const table = objectTable(store)
      addLabel(table, { name: 'bug', color: 'd73a4a' })
      addLabel(table, { name: 'good first issue', color: '7057ff' })
      for (let number = 1; number <= 70; number++) {
        addIssue(table, {
          title: `Issue ${number}`,
          body: null,
          state: number % 3 === 0 ? 'closed' : 'open',
          creator: USERS[number % 2],
          comments: (number * 37) % 71,
          labels: number % 2 === 0 ? ['bug'] : []
        })
      }
      answerRefusals(app, notFound())
      serveLogin(app)
      let calls = 0
      app.addHook('onRequest', async (request, reply) => {
        if (request.url === '/openapi.yaml' || request.url.startsWith('/login/')) return
        if (request.headers['user-agent'] === undefined) {
          throw refused(403, 'Request forbidden by administrative rules.')
        }
        const { authorization } = request.headers
        if (
          authorization !== `Bearer ${GITHUB_TOKEN}` &&
          authorization !== `Bearer ${USER_TOKEN}`
        ) {
          throw refused(401, authorization ? 'Bad credentials' : 'Requires authentication')
        }
        calls++
        reply.headers({
          'x-ratelimit-limit': '5000',
          'x-ratelimit-remaining': String(5000 - calls),
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3000)
        })
      })
      app.get('/user', async () => ({ ...userOf('ada-marsh'), name: 'Ada Marsh', email: null }))
      serveIssues(app, table)
      serveLabels(app, table)
      app.get('/search/issues', async (request, reply) => search(table, request, reply))
    }
  })
}

function serveIssues(app: FastifyInstance, table: ObjectTable): void {
  app.get(`${REPOSITORY}/issues`, async (request, reply) => {
    const query = new URL(request.url, 'http://x').searchParams
    const state = query.get('state') ?? 'open'
    const [creator, since] = [query.get('creator'), query.get('since')]
    const sort = query.get('sort') ?? 'created'
    const key = sort === 'comments' ? 'comments' : `${sort}_at`
    const turn = query.get('direction') === 'asc' ? 1 : -1
    const found = table
      .all('issue')
      .filter(issue => state === 'all' || issue.state === state)
      .filter(({ user }) => creator === null || Object(user).login === creator)
      .filter(({ updated_at: at }) => since === null || String(at) >= since)
      .toSorted((a, b) => turn * compare(a[key], b[key]))
    return pageOf(request, reply, found)
  })
  app.post(`${REPOSITORY}/issues`, async (request, reply) => {
    const body = bodyOf(request)
    if (typeof body.title !== 'string' || body.title === '')
      throw invalid('Issue', 'title', 'missing_field')
    return reply.code(201).send(addIssue(table, body))
  })
  app.get(`${REPOSITORY}/issues/:number`, async request => held(table, 'issue', request, 'number'))
  app.patch(`${REPOSITORY}/issues/:number`, async request => {
    const issue = held(table, 'issue', request, 'number')
    return table.put('issue', String(issue.number), {
      ...issue,
      ...issueMembers(table, bodyOf(request))
    })
  })
}

function serveLabels(app: FastifyInstance, table: ObjectTable): void {
  app.get(`${REPOSITORY}/labels`, async (request, reply) =>
    pageOf(request, reply, table.all('label'))
  )
  app.post(`${REPOSITORY}/labels`, async (request, reply) => {
    const body = bodyOf(request)
    if (typeof body.name !== 'string') throw invalid('Label', 'name', 'missing_field')
    if (table.get('label', body.name)) throw invalid('Label', 'name', 'already_exists')
    return reply.code(201).send(addLabel(table, body))
  })
  app.get(`${REPOSITORY}/labels/:name`, async request => held(table, 'label', request, 'name'))
  app.patch(`${REPOSITORY}/labels/:name`, async request => {
    const label = held(table, 'label', request, 'name')
    const { new_name: name = label.name, ...rest } = bodyOf(request)
    table.remove('label', String(label.name))
    return table.add('label', String(name), { ...label, ...rest, name })
  })
  app.delete(`${REPOSITORY}/labels/:name`, async (request, reply) => {
    table.remove('label', String(held(table, 'label', request, 'name').name))
    return reply.code(204).send()
  })
}

/** OAuth as GitHub has it: the secret in the body only, and errors in a 200, in the form that `Accept` asks for. */
function serveLogin(app: FastifyInstance): void {
  let code = GITHUB_CODE
  app.post('/login/oauth/access_token', async (request, reply) => {
    const form = new URLSearchParams(String(request.body))
    const isClient = form.get('client_secret') === GITHUB_CLIENT.secret
    const isGood = isClient && form.get('code') === code
    if (isClient) code = ''
    const error = isClient ? 'bad_verification_code' : 'incorrect_client_credentials'
    const answer = isGood
      ? { access_token: USER_TOKEN, scope: 'repo', token_type: 'bearer' }
      : { error, error_description: 'The code passed is incorrect or expired.' }
    if (request.headers.accept?.includes('application/json')) return answer
    return reply
      .type('application/x-www-form-urlencoded')
      .send(new URLSearchParams(JSON.parse(JSON.stringify(answer))).toString())
  })
}

function search(table: ObjectTable, request: FastifyRequest, reply: FastifyReply): object {
  const { searchParams: query } = new URL(request.url, 'http://x')
  const terms = (query.get('q') ?? '').toLowerCase().split(' ').filter(Boolean)
  if (terms.length === 0) throw invalid('Search', 'q', 'missing')
  const found = table.all('issue').filter(({ title, state }) =>
    terms.every(term => {
      const [qualifier = '', value] = term.split(':')
      if (value === undefined) return String(title).toLowerCase().split(' ').includes(term)
      return qualifier === 'is' ? state === value : value === 'example-org/tables'
    })
  )
  return {
    total_count: found.length,
    incomplete_results: false,
    items: pageOf(request, reply, found)
  }
}

function pageOf(request: FastifyRequest, reply: FastifyReply, all: readonly Members[]): Members[] {
  const url = new URL(request.url, `http://${request.headers.host}`)
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
  const page = Number(url.searchParams.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const links =
    page < last ? { next: page + 1, last } : page > 1 ? { prev: page - 1, first: 1 } : {}
  const link = Object.entries(links).map(([rel, number]) => {
    url.searchParams.set('page', String(number))
    return `<${url}>; rel="${rel}"`
  })
  if (link.length > 0) reply.header('link', link.join(', '))
  return all.slice((page - 1) * size, page * size)
}

function addIssue(table: ObjectTable, given: Members): Members {
  const number = table.all('issue').length + 1
  const { creator = 'ada-marsh', comments = 0, ...body } = given
  const at = new Date(Date.UTC(2024, 5, 1) + number * 3_600_000).toISOString().replace('.000Z', 'Z')
  return table.add('issue', String(number), {
    id: 2411907000 + number,
    number,
    body: null,
    state: 'open',
    state_reason: null,
    user: userOf(String(creator)),
    assignees: [],
    labels: [],
    milestone: null,
    comments,
    locked: false,
    created_at: at,
    updated_at: at,
    closed_at: null,
    html_url: `https://github.com/example-org/tables/issues/${number}`,
    ...issueMembers(table, body)
  })
}

function issueMembers(table: ObjectTable, body: Members): Members {
  const { assignees, labels, milestone, ...rest } = body
  const known = ['title', 'body', 'state', 'state_reason']
  const members = Object.fromEntries(Object.entries(rest).filter(([key]) => known.includes(key)))
  if (Array.isArray(assignees)) {
    if (assignees.some(login => !USERS.includes(login)))
      throw invalid('Issue', 'assignees', 'invalid')
    members.assignees = assignees.map(userOf)
  }
  if (Array.isArray(labels)) {
    if (labels.some(name => typeof name !== 'string')) throw invalid('Issue', 'labels', 'invalid')
    members.labels = labels.map(name => table.get('label', name) ?? addLabel(table, { name }))
  }
  if (milestone !== undefined && milestone !== null && milestone !== 3) {
    throw invalid('Issue', 'milestone', 'invalid')
  }
  if (milestone !== undefined) members.milestone = milestone && { number: 3, title: '1.2' }
  return members
}

function addLabel(
  table: ObjectTable,
  { name, color = 'ededed', description = null }: Members
): Members {
  const id = 208045946 + table.all('label').length
  return table.add('label', String(name), { id, name, color, description, default: false })
}

function userOf(login: string): Members {
  return { id: 583231 + USERS.indexOf(login), login, type: 'User' }
}

function held(table: ObjectTable, kind: string, { params }: FastifyRequest, key: string): Members {
  const found = table.get(kind, String(Object(params)[key]))
  if (found === undefined) throw new RefusedCall(notFound())
  return found
}

function bodyOf({ body, headers }: FastifyRequest): Members {
  if (!headers['content-type']?.startsWith('application/json')) {
    throw refused(400, 'Problems parsing JSON')
  }
  return JSON.parse(String(body))
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' ? a - Number(b) : String(a) < String(b) ? -1 : 1
}

function refusal(status: number, message: string, more: object = {}) {
  const url = 'https://docs.github.com/rest'
  return { status, body: { message, ...more, documentation_url: url, status: String(status) } }
}

function refused(status: number, message: string, more?: object): RefusedCall {
  return new RefusedCall(refusal(status, message, more))
}

function notFound() {
  return refusal(404, 'Not Found')
}

function invalid(resource: string, field: string, code: string): RefusedCall {
  return refused(422, 'Validation Failed', { errors: [{ resource, field, code }] })
}
