import { html, render } from 'htm/preact'

import { App } from './app.js'
import { followAddress } from './workbench.js'

const root = document.getElementById('app')
if (root === null) throw new Error('the page has no place for the workbench')
followAddress()
render(html`<${App} />`, root)
