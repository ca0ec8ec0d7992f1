import { html } from 'htm/preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

import { useStore } from '../hooks/use-store.js'
import { lastValue } from '../loadable.js'
import { Awaited, Loading } from '../parts/awaited.js'
import { Method } from '../parts/badge.js'
import { Combobox } from '../parts/combobox.js'
import { EmptyState } from '../parts/empty-state.js'
import { PageHeader } from '../parts/page-header.js'
import { Segments } from '../parts/segments.js'
import { linkTo, reloadPreview, showView, tellDetails, workbench } from '../workbench.js'
import { detailedForm, detailedResponses, formDetails } from './try/form-address.js'
import { ObjectForm } from './try/object-form.js'
import { QueryForm } from './try/query-form.js'
import { sampleValues } from './try/sample-values.js'
import { TrialResult } from './try/trial-result.js'
import {
  EMPTY_FORM,
  FIRST,
  deleteRequest,
  editRequest,
  fieldsOf,
  trialRequest,
  VERBS
} from './try/trial.js'
import { useTrial } from './try/use-trial.js'

/** @import { PreviewResponse, TypeElement } from '../../protocol/schemas.ts' */
/** @import { FlowObject, Position, TryForm, Verb } from './try/trial.js' */
/** @import { Listed } from './try/trial-result.js' */

/** A form that rests this long stands in the address: browsers refuse to change that many times in a row. In ms. */
const ADDRESS_DELAY_MS = 300

/** Uses a type as a flow does, and shows what the connector makes of it. */
export function TryView() {
  const preview = useStore(workbench, state => state.preview)
  return html`<${PageHeader}
      title="Try"
      lead="Load, query and save objects as a flow does, and see every call that the connector makes for it."
    />
    <${Awaited} of=${preview} what="the types" again=${reloadPreview}>
      ${(/** @type {PreviewResponse} */ value) => html`<${TypeChoice} preview=${value} />`}
    <//>`
}

/**
 * The type and the verb that the address names: `query:Pet`.
 *
 * @param {{ preview: PreviewResponse }} props
 */
function TypeChoice({ preview: { types, mappings } }) {
  const item = useStore(workbench, ({ address }) => address.item)
  const ofEach = Map.groupBy(mappings, ({ type }) => type)
  const names = types.map(({ developerName }) => developerName).filter(each => ofEach.has(each))
  const [first] = names.toSorted(
    (a, b) => (ofEach.get(b)?.length ?? 0) - (ofEach.get(a)?.length ?? 0)
  )
  if (first === undefined) {
    return html`<${EmptyState} icon="try" title="No type can be tried">
      <p>No type of this document has a mapping. The connector can propose some.</p>
      <a class="button primary" href=${linkTo('suggest')}>See suggestions</a>
    <//>`
  }
  const { verb: asked, name } = readItem(item)
  const chosen = name !== null && ofEach.has(name) ? name : first
  const type = types.find(({ developerName }) => developerName === chosen)
  if (type === undefined) return null
  const ofType = ofEach.get(chosen) ?? []
  const verbs = VERBS.filter(({ name: verb }) => ofType.some(mapping => mapping.verb === verb))
  const verb = verbs.find(each => each.name === asked)?.name ?? verbs[0]?.name ?? 'query'
  return html`<${Bench} key=${type.developerName} names=${names} type=${type} mappings=${ofType} verbs=${verbs} verb=${verb} />`
}

/** @param {string | null} item @returns {{ verb: string | null, name: string | null }} */
function readItem(item) {
  if (item === null) return { verb: null, name: null }
  const at = item.indexOf(':')
  const verb = item.slice(0, Math.max(at, 0))
  const isVerb = VERBS.some(({ name }) => name === verb)
  return isVerb ? { verb, name: item.slice(at + 1) } : { verb: null, name: item }
}

/**
 * @param {{
 *   names: readonly string[],
 *   type: TypeElement,
 *   mappings: PreviewResponse['mappings'],
 *   verbs: typeof VERBS,
 *   verb: Verb
 * }} props
 */
function Bench({ names, type, mappings, verbs, verb }) {
  const configured = useStore(workbench, state => state.values)
  const [responses, setResponses] = useState(configured.Responses?.toLowerCase() ?? 'live')
  const values = { ...configured, Responses: responses }
  const [form, setForm] = useState(EMPTY_FORM)
  const [position, setPosition] = useState(/** @type {Position} */ (FIRST))
  const [listed, setListed] = useState(/** @type {Listed | null} */ (null))
  const [sampling, setSampling] = useState('')
  const { trial, run, clear } = useTrial(values)
  const name = type.developerName
  const has = (/** @type {Verb} */ asked) => verbs.some(each => each.name === asked)
  const change = (/** @type {Partial<TryForm>} */ some) => setForm(last => ({ ...last, ...some }))
  const details = useStore(workbench, ({ address }) => address.details)
  useLayoutEffect(() => {
    change(detailedForm(details))
    setResponses(last => detailedResponses(details) ?? last)
  }, [details])
  useEffect(() => {
    const tell = () => tellDetails(`${verb}:${name}`, formDetails(verb, type, form, responses))
    const timer = setTimeout(tell, ADDRESS_DELAY_MS)
    return () => clearTimeout(timer)
  }, [verb, form, responses, configured])
  useEffect(() => {
    clear()
    setListed(null)
  }, [verb])
  const start = async (/** @type {Position} */ from) => {
    setPosition(from)
    const answer = await run(trialRequest(verb, type, form, from))
    if (answer === null) return
    const { objects, problem, answer: told } = answer
    setListed(problem === null ? { ...told, objects } : null)
    const id = objects[0]?.externalId
    if (verb === 'save' && id !== undefined) change({ id })
  }
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault()
    start(FIRST)
  }
  const fillIn = async () => {
    setSampling('loading')
    const sample = await sampleValues(configured, type, mappings)
    setSampling(sample === null ? 'none' : '')
    if (sample !== null) change(sample)
  }
  /** Puts what became of an object in its place; nothing for one that is gone. */
  const replace = (/** @type {FlowObject} */ object, /** @type {readonly FlowObject[]} */ by) =>
    setListed(
      last =>
        last && { ...last, objects: last.objects.flatMap(each => (each === object ? by : each)) }
    )
  const edit = async (
    /** @type {FlowObject} */ object,
    /** @type {string} */ property,
    /** @type {string} */ value
  ) => {
    const answer = await run(editRequest(type, object, property, value))
    if (answer?.problem === null) replace(object, answer.objects)
  }
  const remove = async (/** @type {FlowObject} */ object) => {
    const answer = await run(deleteRequest(type, object))
    if (answer?.problem === null) replace(object, [])
  }
  const open = (/** @type {FlowObject} */ object) => {
    change({ id: object.externalId, fields: fieldsOf(type, object) })
    showView('try', `load:${name}`)
  }
  const isBusy = trial.status === 'loading'
  const needsId = verb !== 'query' && verb !== 'save'
  const endpoint = mappings.find(mapping => mapping.verb === verb)
  return html`<div class="bench">
    <section class="card" aria-label="What to try">
      <div class="bench-top">
        <${Combobox} label="Type" value=${name} options=${names} onChange=${(/** @type {string} */ other) => showView('try', `${verb}:${other}`)} />
        <${Segments}
          label="Answered by"
          value=${responses}
          options=${[['live', 'Live API'], ['example', 'Examples']]}
          onChange=${setResponses}
        />
      </div>
      <nav class="verbs" aria-label="Verbs">
        ${verbs.map(
          each => html`<a
            key=${each.name}
            class="tab"
            href=${linkTo('try', `${each.name}:${name}`)}
            aria-current=${each.name === verb ? 'true' : undefined}
          >
            ${each.title}
          </a>`
        )}
        ${endpoint && html`<span class="verbs-endpoint truncate"><${Method} name=${endpoint.method} /> <code>${endpoint.path}</code></span>`}
      </nav>
      <form class="card-body bench-form" onSubmit=${submit}>
        ${
          verb === 'query'
            ? html`<${QueryForm} type=${type} form=${form} onChange=${change} />`
            : html`<${ObjectForm} verb=${verb} type=${type} form=${form} onChange=${change} />`
        }
        <div class="bench-foot">
          <button type="submit" class=${`button ${verb === 'delete' ? 'danger' : 'primary'}`} disabled=${isBusy || (needsId && form.id.trim() === '')}>
            ${isBusy ? 'Running…' : `${VERBS.find(each => each.name === verb)?.title} ${name}`}
          </button>
          ${
            verb !== 'query' &&
            html`<button type="button" class="button" disabled=${sampling === 'loading'} onClick=${fillIn}>
              Use sample values
            </button>`
          }
          <span class="hint" role="status">
            ${sampling === 'none' && 'The document has no example of this type.'}
            ${verb === 'delete' && responses === 'live' && 'The object is deleted in the API.'}
          </span>
        </div>
      </form>
    </section>
    ${
      trial.status === 'loading' && lastValue(trial) === undefined
        ? html`<${Loading} what="the answer" />`
        : html`<${TrialResult}
            trial=${trial}
            listed=${listed}
            type=${type}
            verb=${verb}
            position=${position}
            limit=${Number(form.limit) || 0}
            onWindow=${start}
            onOpen=${has('load') && verb === 'query' ? open : null}
            onEdit=${has('update') ? edit : null}
            onDelete=${has('delete') && verb === 'query' ? remove : null}
            onAgain=${() => start(position)}
          />`
    }
  </div>`
}
