#include "language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace vitals::text::valence {
namespace {

// Sorted by bytes, to be searched. Words of another language that English has as well are in no
// list.
constexpr std::array<std::string_view, 37> kEnglish{
    "and",  "are",  "be",   "been",  "but",  "did",  "does", "for", "from", "had",
    "has",  "have", "how",  "i",     "is",   "it",   "it's", "its", "my",   "not",
    "of",   "that", "the",  "they",  "this", "to",   "very", "was", "we",   "what",
    "when", "will", "with", "would", "you",  "your", "yours"};

constexpr std::array<std::string_view, 100> kOther{
    "aber",     "alles", "auch",  "auf",   "avec",     "bedankt", "bene", "bien",   "bom",  "buena",
    "bueno",    "c'est", "che",   "con",   "danke",    "das",     "dem",  "der",    "des",  "doch",
    "du",       "een",   "ein",   "eine",  "einen",    "el",      "es",   "est",    "esta", "está",
    "et",       "fue",   "für",   "goed",  "gracias",  "grazie",  "gut",  "heb",    "het",  "ich",
    "ist",      "je",    "kein",  "keine", "la",       "las",     "le",   "les",    "los",  "mais",
    "merci",    "mit",   "molto", "muito", "muy",      "nicht",   "niet", "non",    "nous", "não",
    "obrigado", "oder",  "para",  "pas",   "perfetto", "pero",    "por",  "pour",   "que",  "qui",
    "schlecht", "sehr",  "si",    "sie",   "sind",     "sono",    "sur",  "tout",   "très", "tudo",
    "um",       "uma",   "una",   "und",   "une",      "uno",     "van",  "vielen", "voor", "vous",
    "waren",    "wie",   "wir",   "wurde", "zeer",     "zu",      "zum",  "zur",    "è",    "é"};

static_assert(std::is_sorted(kEnglish.begin(), kEnglish.end()));
static_assert(std::is_sorted(kOther.begin(), kOther.end()));

template <class Words>
bool has(const Words& words, std::string_view word) {
  return std::binary_search(words.begin(), words.end(), word);
}

}  // namespace

bool is_foreign(const Tokens& tokens) {
  std::size_t english = 0;
  std::size_t other = 0;
  for (std::size_t i = 0; i < tokens.list.size(); ++i) {
    const std::string_view word = tokens.text(i, i);
    english += has(kEnglish, word) ? 1 : 0;
    other += has(kOther, word) ? 1 : 0;
  }
  return other > english;
}

}  // namespace vitals::text::valence
