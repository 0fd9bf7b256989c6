#include "world.h"

#include <utility>

#include <vitals/base/log.h>
#include <vitals/rules/history.h>
#include <vitals/store/memory.h>

namespace vitals::backtest {

Result<std::unique_ptr<World>> World::make(const metrics::Catalogue& catalogue) {
  std::unique_ptr<World> world(new World(catalogue));
  if (auto opened = world->open(); !opened) return std::move(opened).error();
  return world;
}

Status World::open() {
  store_ = store::open_memory();
  events::Options log_options;
  log_options.raw_retention_ms = events::kForever;
  auto log = events::EventLog::open(*store_, clock_, log_options, quiet_logger(), telemetry_);
  if (!log) return std::move(log).error();
  log_ = *std::move(log);
  series::Options series_options;
  series_options.raw_retention_ms = events::kForever;
  series_options.metrics = catalogue_.options();
  auto rollups = series::Rollups::open(*store_, clock_, series_options, quiet_logger(), telemetry_);
  if (!rollups) return std::move(rollups).error();
  rollups_ = *std::move(rollups);
  engine_ = std::make_unique<query::Engine>(*store_, *log_, *rollups_, catalogue_, clock_,
                                            query::Options{}, quiet_logger(), telemetry_);
  return {};
}

Result<std::vector<rules::GroupReading>> World::read(const rules::Rule& rule, TimeMs now) {
  clock_.now = now;
  if (!waiting_.empty()) {
    std::vector<model::ExecutionBatch> batches;
    batches.push_back(std::exchange(waiting_, {}));
    if (auto appended = log_->append(std::move(batches)); !appended) return appended.error();
  }
  return rules::read_history(rule, *engine_, catalogue_, now);
}

}  // namespace vitals::backtest
