import assert from 'node:assert/strict'

/** Samples by name and labels in text form, such as `a_total{code="X"}`. */
export type Samples = ReadonlyMap<string, number>

/** A sample's line: a name, labels with escaped values, a number. */
const SAMPLE =
  /^(?<series>(?<name>[a-z_:][\w:]*)(?:\{(?<labels>[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*")*)\})?) (?<value>[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/i

const COMMENT = /^# (?<kind>HELP|TYPE) (?<name>[a-z_:][\w:]*) (?<words>.+)$/i

export async function fetchMetrics(url: string, init: RequestInit = {}): Promise<Samples> {
  const response = await fetch(`${url}/metrics`, init)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  return readMetrics(text)
}

/**
 * Parses the text format of Prometheus, version 0.0.4, and asserts that it is well-formed: help and type
 * precede the samples of each metric, which are consecutive, no series occurs twice, and the buckets of a
 * histogram increase to its count.
 */
function readMetrics(text: string): Samples {
  assert.ok(text.endsWith('\n'))
  const samples = new Map<string, number>()
  const helped = new Set<string>()
  const types = new Map<string, string>()
  let current = ''
  for (const line of text.split('\n').filter(written => written !== '')) {
    if (line.startsWith('#')) {
      const { kind, name = '', words = '' } = COMMENT.exec(line)?.groups ?? {}
      assert.ok(kind, `no comment: ${line}`)
      const seen = kind === 'HELP' ? helped : types
      assert.ok(!seen.has(name), `twice: ${line}`)
      if (kind === 'HELP') helped.add(name)
      else types.set(name, words)
      current = name
      continue
    }
    const { series = '', name = '', value = '' } = SAMPLE.exec(line)?.groups ?? {}
    assert.notEqual(series, '', `no sample: ${line}`)
    const type = types.get(current) ?? ''
    assert.match(type, /^(counter|gauge|histogram)$/)
    assert.ok(helped.has(current), `no help: ${line}`)
    const suffix = type === 'histogram' ? '(_bucket|_sum|_count)' : ''
    assert.match(name, new RegExp(`^${current}${suffix}$`))
    assert.equal(type === 'counter', name.endsWith('_total'), name)
    assert.ok(!samples.has(series), `twice: ${series}`)
    samples.set(series, Number(value.replace('Inf', 'Infinity')))
  }
  checkBuckets(samples)
  return samples
}

/** The samples of one metric by the values of their labels, such as `{'GET 200': 2}`. */
export function labelled(samples: Samples, name: string): { readonly [labels: string]: number } {
  const found = [...samples].flatMap(([series, value]): [string, number][] => {
    const [, labels] = /^([^{]+)(?:\{(.*)\})?$/.exec(series)?.slice(1) ?? []
    const isOne = series === name || series.startsWith(`${name}{`)
    const values = [...(labels ?? '').matchAll(/="((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text)
    return isOne ? [[values.join(' '), value]] : []
  })
  return Object.fromEntries(found)
}

function checkBuckets(samples: Samples): void {
  let before = { of: '', value: 0 }
  for (const [series, value] of samples) {
    const [, name, bound, rest = ''] = /^(.+)_bucket\{le="([^"]+)",?(.*)\}$/.exec(series) ?? []
    if (name === undefined) continue
    const of = `${name} ${rest}`
    if (of === before.of) assert.ok(value >= before.value, series)
    before = { of, value }
    if (bound !== '+Inf') continue
    assert.equal(samples.get(`${name}_count${rest === '' ? '' : `{${rest}}`}`), value, series)
  }
}
