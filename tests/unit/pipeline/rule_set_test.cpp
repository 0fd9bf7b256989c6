#include "pipeline/rule_set.h"

#include <algorithm>
#include <sstream>

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <vitals/base/clock.h>
#include <vitals/store/memory.h>

#include "support/few_events.h"
#include "support/manual_clock.h"

namespace vitals::pipeline {
namespace {

constexpr std::size_t kGroupsMax = 100;

/// A log of events, and the rules made on it by a daemon that starts now.
struct Start {
  void append(const std::vector<vitals::test::FewEvent>& events) {
    std::vector<model::ExecutionBatch> batches;
    batches.push_back(vitals::test::batch_of(events));
    REQUIRE(log->append(std::move(batches)));
  }
  RuleSet rule_set() {
    rules::Rule absence;
    absence.name = "silence";
    absence.condition = rules::Absence{15 * kMinuteMs};
    absence.group_by = {"prompt"};
    auto made = make_rule_set({absence}, catalogue, *log, *store, clock.now_ms(), logger,
                              kGroupsMax, refused);
    REQUIRE(made);
    return *std::move(made);
  }

  vitals::test::ManualClock clock;
  std::unique_ptr<store::Store> store = store::open_memory();
  telemetry::Registry telemetry;
  telemetry::Counter refused;
  std::ostringstream said;
  Logger logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said));
  metrics::Catalogue catalogue{metrics::Options{}};
  std::unique_ptr<events::EventLog> log =
      *events::EventLog::open(*store, clock, {}, quiet_logger(), telemetry);
};

TEST_CASE("groups that fell silent long before the start are known from the log") {
  Start start;
  start.append({{start.clock.now_ms() - 20 * 60 * kMinuteMs, "a"}});
  RuleSet set = start.rule_set();
  CHECK(set.evaluator->evaluate(start.clock.now_ms()).empty());
  const auto fired = set.evaluator->evaluate(start.clock.now_ms() + 15 * kMinuteMs);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].labels.at("prompt") == "a");
  CHECK(start.refused.value() == 0);
}

TEST_CASE("groups that there is no room for are counted, and the log says so once") {
  Start start;
  std::vector<vitals::test::FewEvent> events;
  for (std::size_t i = 0; i < kGroupsMax + 3; ++i) {
    events.push_back({start.clock.now_ms(), "p" + std::to_string(i)});
  }
  start.append(events);
  RuleSet set = start.rule_set();
  CHECK(start.refused.value() == 3);
  start.logger->flush();
  const std::string said = start.said.str();
  CHECK(said.find("group_by prompt") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

}  // namespace
}  // namespace vitals::pipeline
