#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/batch.h>
#include <vitals/model/signal.h>
#include <vitals/net/calls.h>
#include <vitals/notify/outbox.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/maintenance.h>
#include <vitals/pipeline/spine.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/rules/rule.h>
#include <vitals/series/rollups.h>
#include <vitals/telemetry/registry.h>

#include "failing_store.h"
#include "support/manual_clock.h"

namespace vitals::pipeline::test {

/// So many executions of a prompt at one time; their ids are "<prompt>-<first>" and on.
model::ExecutionBatch executions(const std::string& prompt, int first, int count, TimeMs time_ms,
                                 model::Tri success = model::Tri::yes);

/// What one writer was told.
class Writer {
 public:
  Intake::Done done() {
    return [this](const Result<events::BatchOutcome>& outcome) { told_.push_back(outcome); };
  }
  std::size_t times() const { return told_.size(); }
  /// Of the only answer, which must be there.
  const Result<events::BatchOutcome>& answer() const;
  std::uint32_t accepted() const;
  std::uint32_t duplicates() const;

 private:
  std::vector<Result<events::BatchOutcome>> told_;
};

/// Nobody is called: notifications stay in the outbox.
class NoCalls final : public net::Calls {
 public:
  void start(std::uint64_t /*number*/, const net::ClientRequest& /*request*/) override {}
  std::vector<Answered> answered() override { return {}; }
  void wait(DurationMs /*at_most_ms*/) override {}
  void wake() override {}
};

/// Spine and maintenance on a store in memory, driven by hand.
class House {
 public:
  explicit House(Options options = {}, events::Options log_options = {},
                 series::Options series_options = {});

  /// Everything anew on the same store, as after a crash and a start with these rules.
  void restart(std::vector<rules::Rule> rules = {});
  /// … in two steps.
  void stop();
  void start(std::vector<rules::Rule> rules = {});

  /// Submits and steps; the events must be accepted, all of them.
  void post(model::ExecutionBatch batch);
  /// Submits signals and steps until it is answered.
  Result<SignalsOutcome> say(std::vector<model::Signal> signals);
  /// The same; they must not be refused as a whole.
  SignalsOutcome said(std::vector<model::Signal> signals);
  /// Lets the rules come due, and steps.
  void turn();

  std::vector<model::Alert> open_alerts() const;
  std::vector<model::Alert> history() const;
  /// "firing" and "resolved" of everything in the outbox, oldest first.
  std::vector<std::string> told() const;
  /// Executions in all cells of a resolution.
  std::uint64_t in_cells(series::Resolution resolution) const;
  /// Days whose cells wait to be made anew.
  std::vector<TimeMs> stale_days() const;
  /// Marks the days of these times so, as a start finds it after a crash.
  void restart_with_stale(TimeMs from_ms, TimeMs to_ms);
  /// Damages the block that begins at this position; what mends it again.
  std::function<void()> damage(events::Position first);
  /// As many executions in the log and in the cells of every resolution.
  void require_everywhere(std::uint64_t executions) const;

  TimeMs now() const { return clock.now_ms(); }

  FailingStore store;
  vitals::test::ManualClock clock;
  NoCalls calls;
  const metrics::Catalogue catalogue{metrics::Options{}};
  const Options options;
  const events::Options log_options;
  const series::Options series_options;
  int couriers_woken = 0;
  decltype(SpineParts::read_history) read_history;    ///< from the next start on
  decltype(SpineParts::run_elsewhere) run_elsewhere;  ///< likewise

  registry::Pseudonyms pseudonyms{registry::Pseudonyms::Key{}};
  std::unique_ptr<telemetry::Registry> telemetry;
  std::unique_ptr<events::EventLog> log;
  std::unique_ptr<series::Rollups> rollups;
  std::unique_ptr<notify::Outbox> outbox;
  std::unique_ptr<AlertBook> alerts;
  std::unique_ptr<Spine> spine;
  std::unique_ptr<Maintenance> maintenance;

 private:
  /// Spine and outbox, as the daemon does it.
  OtherMemories memories();
};

/// Success rate of each prompt below 90 %, on at least ten executions of the last five minutes.
rules::Rule success_rule(const std::string& name = "success");

}  // namespace vitals::pipeline::test
