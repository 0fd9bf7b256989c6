#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/signal.h>
#include <vitals/wire/decoded.h>
#include <vitals/wire/json.h>

namespace vitals::wire {

/// Signals as decoded, like Decoded of executions.
struct DecodedSignals {
  std::vector<model::Signal> signals;  ///< user and session still as sent
  std::uint64_t rejected = 0;
  std::vector<Refusal> refusals;           ///< the first kRefusalsMax
  std::uint64_t unknown_fields = 0;        ///< ignored
  std::vector<std::string> unknown_names;  ///< distinct, the first kUnknownNamesMax, printable
};

/// A kind of interaction may be this long.
inline constexpr std::size_t kActionBytesMax = 64;

/// Decodes feedback about executions, POST /api/v1/feedback of 03-api.md. What that leaves open is
/// decided as for executions (ExecutionDecoder). One of rating, sentiment and comment is needed;
/// what becomes of a comment `comments` says. One without an id gets one made from its content, so
/// that sent again it is the same. Thread-safe.
DecodedSignals decode_feedback(std::string_view body, Framing framing, const TimeLimits& limits,
                               const Comments& comments);

/// Decodes interactions, POST /api/v1/interactions, likewise. `kind` is any name of lower-case
/// letters, digits and `_`. Thread-safe.
DecodedSignals decode_interactions(std::string_view body, Framing framing,
                                   const TimeLimits& limits);

/// Decodes assessments, POST /api/v1/assessments, likewise: `evaluator` is a name, and one score is
/// needed. The time is checked and not kept. Thread-safe.
DecodedSignals decode_assessments(std::string_view body, Framing framing, const TimeLimits& limits);

/// Decodes what an evaluator that was asked about one execution answers: an object with one or more
/// scores, as of an assessment; what else is in it is ignored. Error: invalid_argument.
/// Thread-safe.
Result<std::vector<std::pair<model::Number, double>>> decode_scores(std::string_view body);

}  // namespace vitals::wire
