#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/events/event_log.h>

namespace vitals::evaluate {

/// How far an evaluator has got (docs/formats/evaluator.md). A plain value.
struct Progress {
  events::Position position = 0;  ///< all before it is settled
  std::uint64_t hour = 0;         ///< the last one with requests, counted from the epoch …
  std::uint32_t requests = 0;     ///< … and how many

  bool operator==(const Progress&) const = default;
};

std::string encode(const Progress& progress);
/// Error: corruption.
Result<Progress> decode_progress(std::string_view bytes);

}  // namespace vitals::evaluate
