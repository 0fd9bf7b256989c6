#pragma once

#include <memory>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/base/uuid.h>
#include <vitals/wire/decoded.h>

namespace vitals::wire {

/// Bounds on an event's time that depend on the moment and the configuration.
struct TimeLimits {
  TimeMs now_ms = 0;                         ///< arrival; the default time
  DurationMs future_max_ms = 10LL * 60'000;  ///< later than now by more: refused
  TimeMs oldest_ms = 0;                      ///< older: refused (raw retention; 0 for backfill)
};

enum class Framing : std::uint8_t { json, ndjson };

/// Decodes executions in the native JSON shape (03-api.md) into columns. Keeps its buffers between
/// calls, so use one per thread. Not thread-safe.
class ExecutionDecoder {
 public:
  ExecutionDecoder();
  ~ExecutionDecoder();

  /// `json` takes one object or an array; `ndjson` one object per line, empty lines skipped.
  Decoded decode(std::string_view body, Framing framing, const TimeLimits& limits);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::wire
