const NAMED: { readonly [name: string]: string } = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"'
}

const REFERENCE = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi

/** Text as it stands in an XML document. */
export function xmlEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** The contents of all elements of a name that have text alone. */
export function xmlTexts(body: Uint8Array, element: string): readonly string[] {
  const pattern = new RegExp(`<${element}>([^<]{1,20000})</${element}>`, 'g')
  const found = Buffer.from(body).toString().matchAll(pattern)
  return Array.from(found, ([, text = '']) => text.replace(REFERENCE, unescaped))
}

function unescaped(reference: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? reference
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference
}
