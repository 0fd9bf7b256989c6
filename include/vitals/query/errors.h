#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/cell.h>
#include <vitals/model/filter.h>

namespace vitals::query {

/// A question about the errors of [from_ms, to_ms), exact to the millisecond.
struct ErrorsRequest {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::vector<model::Filter> filters;  ///< user and session already pseudonymised
  std::uint32_t classes_max = 100;
  std::uint32_t places_max = 3;  ///< prompts and models told of each class
};

/// Where errors of a class were met, and how many.
struct ErrorPlace {
  std::string label;  ///< "" is absent
  std::uint64_t count = 0;
};

/// Executions with `status` error that have the same `error.type`.
struct ErrorClass {
  std::string type;  ///< "" is absent
  metrics::Counts counts;
  TimeMs first_ms = 0;
  TimeMs last_ms = 0;
  std::vector<ErrorPlace> prompts;  ///< most errors first
  std::vector<ErrorPlace> models;   ///< the same
};

struct ErrorsAnswer {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::uint64_t executions = 0;  ///< that the filters let pass, whatever became of them
  std::uint64_t errors = 0;
  std::vector<ErrorClass> classes;  ///< most errors first
  std::uint64_t classes_known = 0;  ///< those left out included
};

}  // namespace vitals::query
