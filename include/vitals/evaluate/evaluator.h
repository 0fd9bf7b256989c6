#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

namespace vitals::evaluate {

/// Somebody who is asked over HTTP how good executions are.
struct Evaluator {
  std::string name;  ///< under which its assessments count: letters, digits, `_`, `-`, `.`
  std::string url;
  std::map<std::string, std::string> headers;
  double sample = 0.1;                 ///< share of the executions, 0 to 1, that it is asked about
  std::vector<model::Filter> filters;  ///< it is asked only about those that satisfy all
  DurationMs timeout_ms = 30'000;      ///< of one request
  std::uint32_t retries = 3;           ///< requests after a first one that failed
  std::uint32_t concurrency = 4;       ///< requests under way at once
  std::uint32_t budget_per_hour = 1'000;  ///< requests, retries included, in an hour of the clock
  DurationMs max_age_ms = kHourMs;        ///< what arrived earlier is not asked about any more
};

inline constexpr std::size_t kNameBytesMax = 64;

/// Whether an execution is in a sample of this share. It depends on nothing but the two: an
/// execution stays in or out, and smaller samples lie within larger ones, so that evaluators assess
/// the same executions as far as their shares allow, and can be compared.
bool is_sampled(std::string_view execution_id, double share);

}  // namespace vitals::evaluate
