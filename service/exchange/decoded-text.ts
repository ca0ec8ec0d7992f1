/** A text without a layer of encoding, and where each of its UTF-16 units comes from. */
export type DecodedText = {
  readonly text: string
  /** Begin and end in the original text of what became a unit. Null: the text is the original. */
  readonly starts: Uint32Array | null
  readonly ends: Uint32Array | null
}

/** How often a text may be encoded: texts of JSON in JSON, in a URL that is encoded twice. */
const LAYERS_MAX = 4

/**
 * An escape of JSON, JavaScript or Python; percent-encoded bytes (RFC 3986 2.1); a character reference of HTML.
 * Each is bounded, except the bytes, which no other text follows.
 */
const ESCAPE =
  /\\(?:u[\da-f]{4}|u\{[\da-f]{1,6}\}|x[\da-f]{2}|["'/\\bfnrt])|%u[\da-f]{4}|(?:%[\da-f]{2})+|&(?:#\d{1,7};?|#x[\da-f]{1,6};?|[a-z]{2,8}\d?;)/gi

/** What a letter after a backslash stands for; any other character stands for itself. */
const BACKSLASHED: { readonly [letter: string]: string } = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t'
}

/** The names of HTML for characters of ASCII, and from U+00A0 on for those of Latin-1. */
const ASCII_NAMES =
  'Tab:\t NewLine:\n excl:! quot:" num:# dollar:$ percnt:% amp:& apos:\' lpar:( rpar:) ast:* midast:* plus:+ comma:, ' +
  'period:. sol:/ colon:: semi:; lt:< equals:= gt:> quest:? commat:@ lsqb:[ lbrack:[ bsol:\\ rsqb:] rbrack:] Hat:^ ' +
  'AMP:& QUOT:" LT:< GT:> lowbar:_ grave:` lcub:{ lbrace:{ verbar:| vert:| rcub:} rbrace:} tilde:~'
const LATIN_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml'
const NAMED: ReadonlyMap<string, string> = new Map([
  ...ASCII_NAMES.split(' ').map(
    pair => [pair.slice(0, pair.indexOf(':')), pair.slice(-1)] as const
  ),
  ...LATIN_NAMES.split(' ').map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const)
])

/**
 * A text, then the text without its outermost layer of encoding, and so on, while one is found: at most four. An
 * escape is decoded wherever it stands, as a text may be of several encodings.
 */
export function decodedTexts(original: string): DecodedText[] {
  const layers: DecodedText[] = [{ text: original, starts: null, ends: null }]
  for (const layer of layers) {
    const next = layers.length > LAYERS_MAX ? null : withoutLayer(layer)
    if (next !== null && next.text !== layer.text) layers.push(next)
  }
  return layers
}

/** Decodes each escape once; null for a text without one. */
function withoutLayer({ text, starts, ends }: DecodedText): DecodedText | null {
  if (text.search(ESCAPE) === -1) return null
  const nextStarts = new Uint32Array(text.length)
  const nextEnds = new Uint32Array(text.length)
  const pieces: string[] = []
  let size = 0
  let at = 0
  const add = (units: string, from: number, to: number): void => {
    for (let index = 0; index < units.length; index++) {
      nextStarts[size] = starts?.[from] ?? from
      nextEnds[size++] = ends?.[to - 1] ?? to
    }
    pieces.push(units)
  }
  const copy = (to: number): void => {
    pieces.push(text.slice(at, to))
    for (; at < to; at++) {
      nextStarts[size] = starts?.[at] ?? at
      nextEnds[size++] = ends?.[at] ?? at + 1
    }
  }
  for (const { 0: found, index } of text.matchAll(ESCAPE)) {
    copy(index)
    if (/^%[^u]/i.test(found)) {
      for (const { units, from, to } of bytesDecoded(found)) add(units, index + from, index + to)
    } else add(decoded(found), index, index + found.length)
    at = index + found.length
  }
  copy(text.length)
  return { text: pieces.join(''), starts: nextStarts, ends: nextEnds }
}

/** What an escape stands for; an unknown one for itself. Never longer than the escape. */
function decoded(given: string): string {
  const digits = /^\\(?:[ux]\{?([\da-f]+)\}?)$|^%u([\da-f]+)$|^&#x([\da-f]+);?$/i.exec(given)
  const hex = digits?.[1] ?? digits?.[2] ?? digits?.[3]
  const decimal = /^&#(\d+);?$/.exec(given)?.[1]
  if (hex !== undefined || decimal !== undefined) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : given
  }
  if (given.startsWith('\\')) return BACKSLASHED[given.slice(1)] ?? given.slice(1)
  return NAMED.get(given.slice(1, -1)) ?? given
}

/** The characters of percent-encoded bytes in UTF-8; a byte that is none is a character of Latin-1. */
function* bytesDecoded(escapes: string): Generator<{ units: string; from: number; to: number }> {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const wanted = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1
    const text = wanted === 1 ? '\ufffd' : bytes.toString('utf8', at, at + wanted)
    const isWhole = !text.startsWith('\ufffd')
    const length = isWhole ? wanted : 1
    const units = isWhole ? text : String.fromCharCode(first)
    yield { units, from: 3 * at, to: 3 * (at + length) }
    at += length
  }
}
