import { copyFile, mkdir } from 'node:fs/promises'

// Copies the pictures of docs/workbench.md from those that test/console/views.long.test.ts has made.

const MADE = new URL('../.cache/screenshots/', import.meta.url)
const SHOWN = new URL('pictures/', import.meta.url)

/** Which picture of a view, by the name that it has in the docs. */
const PICTURES = {
  'types.png': 'types-desktop-light.png',
  'try.png': 'try-desktop-light.png',
  'suggest.png': 'suggest-desktop-light.png',
  'compare.png': 'compare-desktop-dark.png',
  'catalog-phone.png': 'catalog-phone-dark.png'
}

await mkdir(SHOWN, { recursive: true })
for (const [shown, made] of Object.entries(PICTURES)) {
  await copyFile(new URL(made, MADE), new URL(shown, SHOWN))
}
