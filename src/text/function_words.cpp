#include <string_view>
#include <unordered_set>

#include "phrases.h"

namespace vitals::text {
namespace {

// The closed classes of English as Quirk et al., A Comprehensive Grammar of the English Language
// (1985), §2.34–2.41 have them; what is not here counts as a lexical word.
constexpr std::string_view kFunctionWords[] = {
    // articles and determiners
    "a, an, the, this, that, these, those, each, every, either, neither, some, any, no, all",
    "both, half, such, what, which, whose, another, other, others, same, own, much, many, more",
    "most, few, fewer, less, least, several, enough",
    // pronouns
    "i, me, my, mine, myself, you, your, yours, yourself, yourselves, he, him, his, himself, she",
    "her, hers, herself, it, its, itself, we, us, our, ours, ourselves, they, them, their",
    "theirs, themselves, one, ones, who, whom, someone, somebody, something, anyone, anybody",
    "anything, everyone, everybody, everything, nobody, nothing, none, there, here",
    // prepositions
    "about, above, across, after, against, along, among, around, as, at, before, behind, below",
    "beneath, beside, besides, between, beyond, by, despite, down, during, except, for, from, in",
    "inside, into, like, near, of, off, on, onto, out, outside, over, past, per, since, through",
    "throughout, to, toward, towards, under, until, till, up, upon, via, with, within, without",
    // conjunctions and adverbs that connect
    "and, or, but, nor, so, yet, if, unless, although, though, because, while, whereas, whether",
    "than, when, whenever, where, wherever, why, how, then, also, too, thus, hence, therefore",
    "however, not, only, just, very, again, once, ever, never, always, now",
    // auxiliaries and modals
    "am, is, are, was, were, be, been, being, do, does, did, done, doing, have, has, had, having",
    "can, could, will, would, shall, should, may, might, must, ought, need, let, let's, don't",
    "doesn't, didn't, isn't, aren't, wasn't, weren't, can't, cannot, couldn't, won't, wouldn't",
    "shouldn't, i'm, i'll, i've, i'd, you're, you'll, you've, it's, that's, there's, we're",
    "we'll, they're, please",
};

std::unordered_set<std::string_view> all_function_words() {
  std::unordered_set<std::string_view> all;
  for (const std::string_view words : kFunctionWords) {
    for (const std::string_view word : listed(words)) all.insert(word);
  }
  return all;
}

}  // namespace

bool is_function_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words = all_function_words();
  return words.count(word) != 0;
}

}  // namespace vitals::text
