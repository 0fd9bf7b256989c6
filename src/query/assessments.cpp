#include "assessments.h"

#include <string>

#include <vitals/base/time_text.h>
#include <vitals/model/rows.h>

namespace vitals::query {

Result<std::vector<AssessedExecution>> list_assessments(const Sources& sources,
                                                        const AssessmentsRequest& request) {
  const TimeMs kept = sources.log.kept_since(sources.clock.now_ms());
  if (request.from_ms < kept) {
    return Error{Errc::unprocessable,
                 "assessments are read from raw events; the oldest time that can be answered is " +
                     format_rfc3339(kept)};
  }
  events::ScanRequest scan;
  scan.from_ms = request.from_ms;
  scan.to_ms = request.to_ms;
  scan.filters = request.filters;
  scan.columns.attributes = true;
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  const Reading reading(sources);
  std::vector<AssessedExecution> found;
  std::size_t count = 0;
  const auto add = [&](const events::Block& block, std::span<const std::uint32_t> rows) -> Status {
    for (const std::uint32_t row : rows) {
      std::vector<model::Assessment> assessments = model::assessments_at(block.rows, row);
      if (assessments.empty()) continue;
      count += assessments.size();
      found.push_back({block.rows.time_ms[row], std::move(assessments)});
    }
    if (count > kAssessmentsMax) {
      return Error{Errc::unprocessable, "more than " + std::to_string(kAssessmentsMax) +
                                            " assessments: ask for a shorter time"};
    }
    return reading.deadline.check();
  };
  if (Status read = reading.log.visit(scan, add); !read) return std::move(read).error();
  return found;
}

}  // namespace vitals::query
