import { measureLiveLoad } from './live-load.ts'

const { ours, bare } = await measureLiveLoad({ rounds: 3, secondsPerRound: 5 })

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

const figure = (value: number): string => Math.round(value).toLocaleString('en')
console.log('Live load of 20 objects, 50 connections, requests/s, median of 3 rounds in turn')
console.log(`  connector     ${figure(median(ours))}   (${ours.map(figure).join(', ')})`)
console.log(`  bare handler  ${figure(median(bare))}   (${bare.map(figure).join(', ')})`)
console.log(`  ratio         ${(median(ours) / median(bare)).toFixed(2)}`)
