#include "assessments.h"

#include <string>

#include <vitals/model/rows.h>

#include "log_answer.h"

namespace vitals::query {
namespace {

Result<AssessmentsAnswer> answer_now(const AssessmentsRequest& request, const Reading& reading,
                                     TimeMs from_ms, TimeMs to_ms) {
  AssessmentsAnswer answer;
  events::ScanRequest scan;
  scan.from_ms = from_ms;
  scan.to_ms = to_ms;
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
  return answer;
}

}  // namespace

Result<AssessmentsAnswer> list_assessments(const Sources& sources,
                                           const AssessmentsRequest& request) {
  return answer_from_log(sources, request, {},
                         [&](const Reading& reading, TimeMs from_ms, TimeMs to_ms) {
                           return answer_now(request, reading, from_ms, to_ms);
                         });
}

}  // namespace vitals::query
