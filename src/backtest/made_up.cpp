#include "made_up.h"

#include <string>

namespace vitals::backtest {
namespace {

std::uint64_t times_of(const Generator& generator) {
  if (generator.every_ms == 0) return 1;
  const DurationMs length = generator.until_ms - generator.from_ms;
  if (length <= 0) return 0;
  return static_cast<std::uint64_t>((length - 1) / generator.every_ms + 1);
}

DurationMs time_of(const Generator& generator, std::uint64_t i) {
  return generator.from_ms + static_cast<DurationMs>(i) * generator.every_ms;
}

}  // namespace

std::uint64_t executions_of(const Generator& generator) {
  return times_of(generator) * generator.count;
}

model::ExecutionBatch MadeUp::next(DurationMs through) {
  model::ExecutionBatch batch;
  for (std::size_t g = 0; g < at_.size(); ++g) {
    const Generator& generator = test_.executions[g];
    const std::vector<std::uint32_t> copies(generator.count, 0);
    for (; at_[g] < times_of(generator) && time_of(generator, at_[g]) <= through; ++at_[g]) {
      batch.append(generator.execution, copies);
      const TimeMs time = test_.start_ms + time_of(generator, at_[g]);
      std::fill(batch.time_ms.end() - generator.count, batch.time_ms.end(), time);
    }
  }
  // The copies have the id of their model.
  batch.ids = {};
  for (std::size_t row = 0; row < batch.rows(); ++row) batch.ids.push_back(std::to_string(++ids_));
  return batch;
}

}  // namespace vitals::backtest
