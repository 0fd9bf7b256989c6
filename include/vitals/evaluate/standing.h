#pragma once

#include <cstdint>
#include <string>

namespace vitals::evaluate {

/// How an evaluator does that is asked: executions of its sample by what became of them since the
/// start, and requests under way. A plain value.
struct Standing {
  std::string evaluator;
  std::uint64_t accepted = 0;
  std::uint64_t no_opinion = 0;
  std::uint64_t failed = 0;
  std::uint64_t over_budget = 0;
  std::uint64_t too_late = 0;
  std::uint64_t in_flight = 0;
};

}  // namespace vitals::evaluate
