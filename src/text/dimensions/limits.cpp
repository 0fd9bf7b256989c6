#include "limits.h"

namespace vitals::text {
namespace {

constexpr PhraseGroup kLimits[] = {
    {0,
     "only, exactly, at least, at most, no more than, not more than, no less than, "
     "fewer than, less than, more than, up to, maximum, minimum, no longer than, "
     "between, within, must, must not, never, always, do not, don't, without, nothing "
     "else, not exceeding, per, each, every, exclusively, limit, limited to, avoid, "
     "unless, otherwise, instead of, words or less, in a single, in one, one word, one line, "
     "one sentence, one paragraph, two, three, four, five, six, seven, eight, nine, ten, twelve, "
     "twenty"},
};

}  // namespace

bool sets_limit(const Prompt& prompt, const Statement& statement) {
  static const Phrases limits(kLimits);
  if (statement.directive == Directive::none) return false;
  const std::vector<Word>& words = prompt.all_words();
  for (std::size_t word = statement.body_word; word < statement.end_word; ++word) {
    if (words[word].kind == WordKind::number) return true;
    if (limits.match(words, word, statement.end_word)) return true;
  }
  return false;
}

}  // namespace vitals::text
