#pragma once

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/sinks/ostream_sink.h>

#include <vitals/evaluate/evaluators.h>
#include <vitals/store/memory.h>

#include "judge.h"
#include "support/manual_clock.h"

namespace vitals::evaluate::test {

using Ids = std::vector<std::string>;

/// Ids from "<prefix>0" on.
Ids ids(const std::string& prefix, int count);

/// Calls over the network, and how many are under way.
class CountedCalls final : public net::Calls {
 public:
  void start(std::uint64_t number, const net::ClientRequest& request) override {
    most_ = std::max(most_, ++under_way_);
    calls_->start(number, request);
  }
  std::vector<Answered> answered() override {
    auto all = calls_->answered();
    under_way_ -= all.size();
    return all;
  }
  void wait(DurationMs at_most_ms) override { calls_->wait(at_most_ms); }
  void wake() override { calls_->wake(); }
  std::size_t under_way() const { return under_way_; }
  std::size_t most() const { return most_; }

 private:
  std::unique_ptr<net::Calls> calls_ = net::make_calls();
  std::size_t under_way_ = 0;
  std::size_t most_ = 0;
};

/// What an evaluator's assessment came to.
struct HandedIn {
  model::Signal assessment;
  Stored stored;
};

/// Evaluators on a log in memory and real HTTP, driven by hand.
class House {
 public:
  House();
  ~House() { evaluators.reset(); }

  /// One evaluator: the judge, asked about everything.
  Evaluator everything() const;
  /// Opens evaluators anew on the same store, as after a crash and a start.
  void start(std::vector<Evaluator> whom);
  void start() { start({everything()}); }

  void add(const Ids& executions, const std::string& prompt = "p");
  void add(model::ExecutionBatch rows);
  model::ExecutionBatch batch(const Ids& executions, const std::string& prompt = "p") const;

  /// Rounds until nothing is under way or due; returns after which time something may be.
  DurationMs run();
  /// … and on until nothing is tried again either, moving the clock.
  void run_long();
  /// Rounds until the judge has been asked so often.
  void run_until_asked(std::size_t requests);

  /// Executions of "judge" with this result.
  std::uint64_t count(const std::string& result) const;
  /// That were assessed, in order.
  Ids assessed() const;

  std::unique_ptr<store::Store> store = store::open_memory();
  vitals::test::ManualClock clock;
  Judge judge;
  telemetry::Registry log_telemetry;
  std::unique_ptr<telemetry::Registry> telemetry;
  std::unique_ptr<events::EventLog> log;
  std::unique_ptr<CountedCalls> calls;
  std::unique_ptr<Evaluators> evaluators;

  Logger logger = quiet_logger();  ///< from the next start on
  /// Has what is logged from the next start on written there.
  void tell(std::ostringstream& said) {
    logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said));
  }
  std::vector<HandedIn> handed_in;
  bool sink_full = false;
  bool sink_silent = false;  ///< takes assessments and says nothing of them
  Status sink_says;
  std::size_t shown = 0;  ///< executions made into text

 private:
  bool take(model::Signal assessment, Stored stored);
};

}  // namespace vitals::evaluate::test
