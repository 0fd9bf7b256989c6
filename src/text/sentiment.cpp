#include <vitals/text/sentiment.h>

#include "valence/scorer.h"

namespace vitals::text {

std::optional<double> sentiment(std::string_view comment) {
  return valence::score(comment, valence::all_rules());
}

}  // namespace vitals::text
