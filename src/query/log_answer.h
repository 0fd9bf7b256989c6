#pragma once

#include <optional>
#include <string>
#include <utility>

#include <vitals/model/filter.h>

#include "plan.h"
#include "reading.h"

namespace vitals::query {

/// Answers a request that raw events alone can answer, of which it has from_ms, to_ms and filters,
/// as its answer has the first two: `read(reading, from_ms, to_ms)` reads what is kept of them.
/// Errors: invalid_argument; unprocessable where it is not kept any more; unavailable when events
/// were dropped while they were read, twice.
template <class Request, class Read>
auto answer_from_log(const Sources& sources, const Request& request,
                     std::optional<DurationMs> deadline_ms, const Read& read) {
  using Answer = decltype(read(std::declval<const Reading&>(), TimeMs{}, TimeMs{}));
  return answer_of_what_is_kept([&]() -> Answer {
    if (request.from_ms >= request.to_ms) {
      return Error{Errc::invalid_argument, "the range is empty: from is not before to"};
    }
    for (const model::Filter& filter : request.filters) {
      if (!model::is_field(filter.field)) {
        return Error{Errc::invalid_argument, "unknown field '" + filter.field + "'"};
      }
    }
    const Reading reading(sources, deadline_ms);
    const TimeMs now = sources.clock.now_ms();
    const TimeMs raw_since = sources.log.kept_since(now);
    const Result<Plan> plan = make_plan({request.from_ms, request.to_ms, 0, {}, raw_since});
    if (!plan) return plan.error();
    Answer answer = read(reading, plan->from_ms(), plan->to_ms());
    if (!answer) return answer;
    // What was dropped meanwhile may be missing from what was read.
    if (sources.log.kept_since(now) != raw_since) {
      return Error{Errc::unavailable, "events were dropped while they were read"};
    }
    answer->from_ms = plan->from_ms();
    answer->to_ms = plan->to_ms();
    return answer;
  });
}

}  // namespace vitals::query
