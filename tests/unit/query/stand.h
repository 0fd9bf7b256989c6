#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>
#include <vitals/query/engine.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

#include "support/manual_clock.h"

namespace vitals::test {

/// A midnight; the stand's clock starts here.
inline constexpr TimeMs kNow = 20'000 * kDayMs;

/// A clock that moves on by itself, whoever looks at it, so that a deadline passes within a query.
class RunningClock final : public Clock {
 public:
  TimeMs now_ms() const override { return kNow; }
  std::int64_t monotonic_us() const override { return ticks_us_ += 1000; }

 private:
  mutable std::atomic<std::int64_t> ticks_us_{0};
};

/// An execution as a row, for tests; "" and NaN are absent.
struct Event {
  TimeMs time_ms = kNow;
  std::string id;
  std::string prompt, version, model, environment, error_type, user;
  std::string region;       ///< tags.region
  std::string temperature;  ///< parameters.temperature
  model::Tri success = model::Tri::unknown;
  double duration_ms = model::kAbsent;
  double input_tokens = model::kAbsent;
  double output_tokens = model::kAbsent;
  double rating = model::kAbsent;
  model::Tri recovered = model::Tri::unknown;
  bool feedback = false;  ///< said of an execution later, and no execution
  std::string comment = {};
  double sentiment = model::kAbsent;
  std::string session = {};
  std::string action = {};  ///< an interaction of this kind, and no execution
  std::string about = {};   ///< the execution that it names

  /// The text of a field, as filters and groups see it.
  std::string field(const std::string& name) const;
};

model::ExecutionBatch to_batch(const std::vector<Event>& events);

struct StandOptions {
  DurationMs raw_retention_ms = events::kForever;
  std::array<DurationMs, 3> cell_retention_ms{events::kForever, events::kForever, events::kForever};
  std::uint32_t series_max = 100'000;
  query::Options query;
  std::size_t threads = 1;  ///< that work on a query
};

/// A store, an event log, rollups and an engine on them, driven by hand.
class Stand {
 public:
  using Options = StandOptions;
  explicit Stand(const Options& options = {});
  ~Stand();
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;
  /// As after a restart with other options.
  void reopen(const Options& options);

  /// Appends one block.
  void append(const std::vector<Event>& events);
  /// Folds the first `blocks` blocks that are not folded yet; by default all.
  void fold(std::size_t blocks = ~std::size_t{0});

  query::MetricAnswer metric(const query::MetricRequest& request) const;
  Error metric_error(const query::MetricRequest& request) const;

  /// Which threads help, however little there is to do.
  query::QueryThreads helpers() { return {&tasks_, options_.threads, 1}; }

  ManualClock clock{kNow};
  std::unique_ptr<store::Store> store;
  telemetry::Registry telemetry;
  std::unique_ptr<events::EventLog> log;
  std::unique_ptr<series::Rollups> rollups;
  metrics::Catalogue catalogue{metrics::Options{}};
  std::unique_ptr<query::Engine> engine;

 private:
  Options options_;
  TaskQueue tasks_{100};
  std::vector<std::thread> threads_;
  std::vector<events::Appended> unfolded_;
};

/// Of [from, to).
query::MetricRequest ask(const std::string& metric, TimeMs from, TimeMs to,
                         const std::string& stat = "");

std::vector<model::Filter> filters(const std::vector<std::string>& texts);

}  // namespace vitals::test
