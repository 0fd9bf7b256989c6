#pragma once

#include <cstdint>
#include <random>

#include <vitals/model/batch.h>

namespace vitals::test {

/// Synthetic executions with every kind of column: Zipf-distributed prompts, log-normal durations,
/// a few per cent of errors, feedback on one in five, pseudonymous users and sessions, two tags.
/// The same seed gives the same stream.
class EventStream {
 public:
  explicit EventStream(std::uint64_t seed, TimeMs start_ms = 1'790'000'000'000,
                       DurationMs step_ms = 864);

  model::ExecutionBatch next(std::size_t rows);

 private:
  void add_row(model::ExecutionBatch& batch);

  std::mt19937_64 random_;
  std::discrete_distribution<int> prompts_;
  TimeMs time_ms_;
  DurationMs step_ms_;
  std::uint64_t count_ = 0;
};

}  // namespace vitals::test
