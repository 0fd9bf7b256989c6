#include <vitals/text/sentiment.h>

#include "valence/scorer.h"

namespace vitals::text {

namespace {

/// What a comment begins with says what it is about; reading on would hold up who waits.
constexpr std::size_t kReadBytes = 8'192;

}  // namespace

std::optional<double> sentiment(std::string_view comment) {
  if (comment.size() > kReadBytes) comment = comment.substr(0, comment.rfind(' ', kReadBytes));
  return valence::score(comment.substr(0, kReadBytes), valence::all_rules());
}

}  // namespace vitals::text
