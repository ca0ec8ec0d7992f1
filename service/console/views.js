/** @import { ComponentType } from 'preact' */

/**
 * @typedef {{
 *   name: string,
 *   title: string,
 *   icon: import('./parts/icon.js').IconName,
 *   needsDocument: boolean,
 *   load: () => Promise<ComponentType>
 * }} View
 */

/**
 * The views, in the order of the navigation. `name` stands in the address.
 *
 * @type {readonly View[]}
 */
export const VIEWS = [
  {
    name: 'start',
    title: 'Start',
    icon: 'start',
    needsDocument: false,
    load: async () => (await import('./views/start-view.js')).StartView
  },
  {
    name: 'types',
    title: 'Types',
    icon: 'types',
    needsDocument: true,
    load: async () => (await import('./views/types-view.js')).TypesView
  },
  {
    name: 'document',
    title: 'Document',
    icon: 'document',
    needsDocument: true,
    load: async () => (await import('./views/document-view.js')).DocumentView
  },
  {
    name: 'try',
    title: 'Try',
    icon: 'try',
    needsDocument: true,
    load: async () => (await import('./views/try-view.js')).TryView
  },
  {
    name: 'suggest',
    title: 'Suggest',
    icon: 'suggest',
    needsDocument: true,
    load: async () => (await import('./views/suggest-view.js')).SuggestView
  },
  {
    name: 'compare',
    title: 'Compare',
    icon: 'compare',
    needsDocument: true,
    load: async () => (await import('./views/compare-view.js')).CompareView
  },
  {
    name: 'catalog',
    title: 'Catalog',
    icon: 'catalog',
    needsDocument: true,
    load: async () => (await import('./views/catalog-view.js')).CatalogView
  },
  {
    name: 'install',
    title: 'Install',
    icon: 'install',
    needsDocument: true,
    load: async () => (await import('./views/install-view.js')).InstallView
  }
]
