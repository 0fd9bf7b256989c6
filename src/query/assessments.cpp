#include "assessments.h"

#include <string>

#include <vitals/model/rows.h>

#include "plan.h"

namespace vitals::query {
namespace {

Result<AssessmentsAnswer> answer_now(const Sources& sources, const AssessmentsRequest& request) {
  if (request.from_ms >= request.to_ms) {
    return Error{Errc::invalid_argument, "the range is empty: from is not before to"};
  }
  const Reading reading(sources);
  const TimeMs now = sources.clock.now_ms();
  const TimeMs raw_since = sources.log.kept_since(now);
  const Result<Plan> plan = make_plan({request.from_ms, request.to_ms, 0, {}, raw_since});
  if (!plan) return plan.error();
  AssessmentsAnswer answer;
  answer.from_ms = plan->from_ms();
  answer.to_ms = plan->to_ms();
  events::ScanRequest scan;
  scan.from_ms = answer.from_ms;
  scan.to_ms = answer.to_ms;
  scan.filters = request.filters;
  scan.columns.attributes = true;
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  std::size_t count = 0;
  const auto add = [&](const events::Block& block, std::span<const std::uint32_t> rows) -> Status {
    for (const std::uint32_t row : rows) {
      std::vector<model::Assessment> assessments = model::assessments_at(block.rows, row);
      if (assessments.empty()) continue;
      count += assessments.size();
      answer.executions.push_back({block.rows.time_ms[row], std::move(assessments)});
    }
    if (count > kAssessmentsMax) {
      return Error{Errc::unprocessable, "more than " + std::to_string(kAssessmentsMax) +
                                            " assessments: ask for a shorter time"};
    }
    return reading.deadline.check();
  };
  if (Status read = reading.log.visit(scan, add); !read) return std::move(read).error();
  // What was dropped meanwhile may be missing from what was read.
  if (sources.log.kept_since(now) != raw_since) {
    return Error{Errc::unavailable, "events were dropped while they were read"};
  }
  return answer;
}

}  // namespace

Result<AssessmentsAnswer> list_assessments(const Sources& sources,
                                           const AssessmentsRequest& request) {
  return answer_of_what_is_kept([&] { return answer_now(sources, request); });
}

}  // namespace vitals::query
