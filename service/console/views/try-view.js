import { html } from 'htm/preact'
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'

import { useStore } from '../hooks/use-store.js'
import { IDLE, lastValue } from '../loadable.js'
import { Awaited, Loading } from '../parts/awaited.js'
import { Method } from '../parts/badge.js'
import { Combobox } from '../parts/combobox.js'
import { EmptyState } from '../parts/empty-state.js'
import { ProblemNotice } from '../parts/notice.js'
import { PageHeader } from '../parts/page-header.js'
import { Segments } from '../parts/segments.js'
import { problemOf } from '../problem.js'
import { linkTo, reloadPreview, showView, tellDetails, workbench } from '../workbench.js'
import { detailedForm, detailedResponses, formDetails } from './try/form-address.js'
import { ObjectForm } from './try/object-form.js'
import { QueryForm } from './try/query-form.js'
import { filledForm, sampleValues } from './try/sample-values.js'
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

/** @import { Loadable } from '../loadable.js' */
/** @import { PreviewResponse, TypeElement } from '../../protocol/schemas.ts' */
/** @import { FlowObject, Path, TryForm, Verb } from './try/trial.js' */
/** @import { Listed } from './try/trial-result.js' */

/** Who answers. @typedef {'live' | 'example'} Responses */

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
  const { item, details } = useStore(workbench, ({ address }) => address)
  const usual = useStore(workbench, ({ values }) => values.Responses?.toLowerCase())
  const [chosenResponses, setResponses] = useState(/** @type {Responses | null} */ (null))
  useLayoutEffect(() => setResponses(last => detailedResponses(details) ?? last), [details])
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
  const responses = chosenResponses ?? (usual === 'example' ? usual : 'live')
  const chosen = name !== null && ofEach.has(name) ? name : first
  const type = types.find(({ developerName }) => developerName === chosen)
  if (type === undefined) return null
  const ofType = ofEach.get(chosen) ?? []
  const verbs = VERBS.filter(({ name: verb }) => ofType.some(mapping => mapping.verb === verb))
  const verb = verbs.find(each => each.name === asked)?.name ?? verbs[0]?.name ?? 'query'
  return html`<${Bench}
    key=${chosen}
    names=${names}
    type=${type}
    mappings=${ofType}
    verbs=${verbs}
    verb=${verb}
    responses=${responses}
    onResponses=${setResponses}
  />`
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
 *   verb: Verb,
 *   responses: Responses,
 *   onResponses: (responses: Responses) => void
 * }} props
 */
function Bench({ names, type, mappings, verbs, verb, responses, onResponses }) {
  const configured = useStore(workbench, state => state.values)
  const [form, setForm] = useState(EMPTY_FORM)
  const [listed, setListed] = useState(/** @type {Listed | null} */ (null))
  const [sampling, setSampling] = useState(/** @type {Loadable<object | null>} */ (IDLE))
  const { trial, run, again, clear } = useTrial({ ...configured, Responses: responses })
  const name = type.developerName
  const change = (/** @type {Partial<TryForm>} */ some) => setForm(last => ({ ...last, ...some }))
  const details = useStore(workbench, ({ address }) => address.details)
  useLayoutEffect(() => change(detailedForm(details)), [details])
  useEffect(() => {
    const tell = () => tellDetails(`${verb}:${name}`, formDetails(verb, type, form, responses))
    const timer = setTimeout(tell, ADDRESS_DELAY_MS)
    return () => clearTimeout(timer)
  }, [verb, form, responses, configured])
  // What one API or the document has given is not for another: neither to be seen nor to be written.
  useLayoutEffect(() => {
    clear()
    setListed(null)
  }, [verb, responses, configured])
  const list = (/** @type {TryForm} */ asked, /** @type {Listed['positions']} */ positions) =>
    run(
      trialRequest(verb, type, asked, positions.at(-1) ?? FIRST),
      ({ objects, problem, answer }) => {
        if (problem === null) setListed({ ...answer, objects, form: asked, positions })
        else setListed(last => (last?.form === asked ? last : null))
        const id = objects[0]?.externalId
        if (verb === 'save' && id !== undefined) change({ id })
      }
    )
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault()
    list(form, [FIRST])
  }
  const fillIn = async () => {
    setSampling({ status: 'loading' })
    try {
      const value = await sampleValues(configured, type, mappings)
      setSampling({ status: 'ready', value })
      if (value !== null) setForm(last => filledForm(last, value))
    } catch (error) {
      setSampling({ status: 'failed', problem: problemOf(error) })
    }
  }
  const isBusy = trial.status === 'loading'
  const needsId = verb !== 'query' && verb !== 'save'
  const endpoint = mappings.find(mapping => mapping.verb === verb)
  const result = useMemo(() => {
    /** Puts what became of an object in its place; nothing for one that is gone. */
    const replace = (/** @type {FlowObject} */ object, /** @type {readonly FlowObject[]} */ by) =>
      setListed(
        last =>
          last && { ...last, objects: last.objects.flatMap(each => (each === object ? by : each)) }
      )
    const edit = (
      /** @type {FlowObject} */ object,
      /** @type {Path} */ path,
      /** @type {string} */ value
    ) =>
      run(
        editRequest(type, object, path, value),
        ({ problem, objects }) => problem === null && replace(object, objects)
      )
    const remove = (/** @type {FlowObject} */ object) =>
      run(deleteRequest(type, object), ({ problem }) => problem === null && replace(object, []))
    const open = (/** @type {FlowObject} */ object) => {
      change({ id: object.externalId, fields: fieldsOf(type, object) })
      showView('try', `load:${name}`)
    }
    const has = (/** @type {Verb} */ asked) => verbs.some(each => each.name === asked)
    return html`<${TrialResult}
      trial=${trial}
      listed=${listed}
      type=${type}
      verb=${verb}
      onWindow=${list}
      onOpen=${has('load') && verb === 'query' ? open : null}
      onEdit=${has('update') ? edit : null}
      onDelete=${has('delete') && verb === 'query' ? remove : null}
      onAgain=${again}
    />`
    // Typing changes none of these, and there may be much to draw.
  }, [trial, listed, type, verb, responses, configured])
  return html`<div class="bench">
    <section class="card" aria-label="What to try">
      <div class="bench-top">
        <${Combobox} label="Type" value=${name} options=${names} onChange=${(/** @type {string} */ other) => showView('try', `${verb}:${other}`)} />
        <${Segments}
          label="Answered by"
          value=${responses}
          options=${[['live', 'Live API'], ['example', 'Examples']]}
          onChange=${onResponses}
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
            html`<button type="button" class="button" disabled=${sampling.status === 'loading'} onClick=${fillIn}>
              Use sample values
            </button>`
          }
          <span class="hint" role="status">
            ${sampling.status === 'ready' && sampling.value === null && 'The document has no example of this type.'}
            ${verb === 'delete' && responses === 'live' && 'The object is deleted in the API.'}
          </span>
        </div>
        ${sampling.status === 'failed' && html`<${ProblemNotice} problem=${sampling.problem} again=${fillIn} />`}
      </form>
    </section>
    ${isBusy && lastValue(trial) === undefined && listed === null ? html`<${Loading} what="the answer" />` : result}
  </div>`
}
