#pragma once

#include <memory>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/batch.h>
#include <vitals/query/engine.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::backtest {

/// The executions of a test in a store in memory, for rules that are judged on history.
class World {
 public:
  /// The catalogue must outlive it.
  static Result<std::unique_ptr<World>> make(const metrics::Catalogue& catalogue);

  /// Keeps executions; they are logged when history is read.
  void take(const model::ExecutionBatch& executions) { waiting_.append(executions); }
  Result<std::vector<rules::GroupReading>> read(const rules::Rule& rule, TimeMs now);

 private:
  /// Stands where it is set.
  struct Hands final : Clock {
    TimeMs now_ms() const override { return now; }
    std::int64_t monotonic_us() const override { return 0; }
    TimeMs now = 0;
  };

  explicit World(const metrics::Catalogue& catalogue) : catalogue_(catalogue) {}
  Status open();

  const metrics::Catalogue& catalogue_;
  Hands clock_;
  telemetry::Registry telemetry_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<series::Rollups> rollups_;
  std::unique_ptr<query::Engine> engine_;
  model::ExecutionBatch waiting_;
};

}  // namespace vitals::backtest
