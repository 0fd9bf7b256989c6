#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/insight/diagnosis.h>

#include "traffic.h"

namespace vitals::insight {
namespace {

using namespace test;
using vitals::test::filters;

constexpr DurationMs kPatience = 60'000;

/// Success rate of the prompt below 90 over 15 minutes.
Incident incident(const Stand& stand) {
  Incident incident;
  incident.metric = "execution_success_rate";
  incident.filters = filters({"prompt:support"});
  incident.now_ms = stand.clock.now_ms();
  incident.window_ms = 15 * kMinuteMs;
  incident.value = 75;
  incident.threshold = 90;
  incident.samples_min = 20;
  return incident;
}

Findings findings(const Stand& stand, const Incident& incident) {
  return diagnose(*stand.engine, stand.catalogue, stand.clock, incident, kPatience);
}

/// v6 for a week, v7 for a week until now.
struct Fixture {
  Fixture() {
    CAPTURE(seed);
    add({"v6"}, kNow - 14 * kDayMs, kNow - 7 * kDayMs, 2'000);
    add({"v7"}, kNow - 7 * kDayMs, kNow, 4'000);
  }
  void add(const Kind& kind, TimeMs from, TimeMs to, int count) {
    stand.append(executions(random, kind, from, to, count));
    stand.fold();
  }

  const unsigned seed = std::random_device{}();
  std::mt19937 random{seed};
  Stand stand;
};

TEST_CASE_METHOD(Fixture, "a bad version is named, with who suffers and what to go back to") {
  CAPTURE(seed);
  add({"v7"}, kNow - kHourMs, kNow, 1'600);
  add({"v8", 0.5, 2'000, 4.5, "refused"}, kNow - 10 * kMinuteMs, kNow, 100);
  const Findings found = findings(stand, incident(stand));
  CHECK_THAT(found.cause, Catch::Matches("version v8: (8|9|10)[0-9]+ % of the additional errors; "
                                         "it succeeds in [3-6][0-9.]+ % against 9[0-9.]+ % of "
                                         "the others|version v8: 100 % .*"));
  CHECK_THAT(found.affected, Catch::Matches("[0-9]+ failed executions of [0-9]+ users in 2 "
                                            "regions in the last 15 minutes"));
  CHECK_THAT(found.errors, Catch::StartsWith("refused "));
  CHECK_THAT(found.errors, Catch::Contains("timeout "));
  CHECK(found.rollback_to == "v7");
}

TEST_CASE_METHOD(Fixture, "a version that took all traffic is held against what was before") {
  CAPTURE(seed);
  add({"v7"}, kNow - 3 * kHourMs, kNow - 15 * kMinuteMs, 500);
  add({"v8", 0.5}, kNow - 14 * kMinuteMs, kNow, 200);
  const Findings found = findings(stand, incident(stand));
  CHECK_THAT(found.cause, Catch::StartsWith("version v8: "));
  CHECK(found.rollback_to == "v7");
}

TEST_CASE_METHOD(Fixture, "a region is the cause when all its versions fail there") {
  CAPTURE(seed);
  add({"v7"}, kNow - kHourMs, kNow - 15 * kMinuteMs, 400);
  auto bad = executions(random, {"v7"}, kNow - 15 * kMinuteMs, kNow, 300);
  for (Event& event : bad) {
    if (event.region == "eu") event.success = model::Tri::no;
  }
  stand.append(bad);
  const Findings found = findings(stand, incident(stand));
  CHECK_THAT(found.cause, Catch::StartsWith("tags.region eu: "));
  CHECK_THAT(found.cause, Catch::Matches(".*; it succeeds in [0-6][0-9.]* % against 9.*"));
  // The version is not to blame, yet the one before it is known to be good.
  CHECK(found.rollback_to == "v6");
}

TEST_CASE_METHOD(Fixture, "a version that missed a benchmark is no place to go back to") {
  CAPTURE(seed);
  SECTION("by its errors") { add({"v7b", 0.9}, kNow - 2 * kDayMs, kNow - kDayMs, 300); }
  SECTION("by its ratings") {
    add({"v7b", 0.99, 2'000, 3.9}, kNow - 2 * kDayMs, kNow - kDayMs, 300);
  }
  SECTION("by its time") { add({"v7b", 0.99, 90'000}, kNow - 2 * kDayMs, kNow - kDayMs, 300); }
  SECTION("because hardly anything is known of it") {
    add({"v7b", 1}, kNow - 2 * kDayMs, kNow - kDayMs, 29);
  }
  add({"v8", 0.5}, kNow - 14 * kMinuteMs, kNow, 200);
  CHECK(findings(stand, incident(stand)).rollback_to == "v7");
}

TEST_CASE_METHOD(Fixture, "the last version that was good is taken, if it came before") {
  CAPTURE(seed);
  add({"v7b", 0.99}, kNow - 2 * kDayMs, kNow - kDayMs, 300);
  add({"v8", 0.5}, kNow - 14 * kMinuteMs, kNow, 200);
  CHECK(findings(stand, incident(stand)).rollback_to == "v7b");
  Incident older = incident(stand);
  older.filters = filters({"prompt:support", "version:v7"});
  CHECK(findings(stand, older).rollback_to == "v6");
  older.filters = filters({"prompt:support", "version:v6"});
  CHECK(findings(stand, older).rollback_to.empty());
}

TEST_CASE("without a past there is no cause and nothing to go back to") {
  Stand stand;
  std::mt19937 random{1};
  stand.append(executions(random, {"v1", 0.5}, kNow - 10 * kMinuteMs, kNow, 100));
  const Findings found = findings(stand, incident(stand));
  CHECK(found.cause.empty());
  CHECK(found.rollback_to.empty());
  CHECK_THAT(found.affected, Catch::Contains(" failed executions of "));
}

TEST_CASE("an hour that was as bad is passed over for the day before") {
  Stand stand;
  std::mt19937 random{std::random_device{}()};
  const auto add = [&](const Kind& kind, TimeMs from, TimeMs to, int count) {
    stand.append(executions(random, kind, from, to, count));
  };
  add({"v7"}, kNow - kDayMs, kNow - 5 * kHourMs, 6'000);
  add({"v7"}, kNow - 5 * kHourMs, kNow, 600);
  add({"v8", 0.5}, kNow - 5 * kHourMs, kNow, 600);
  const Findings found = findings(stand, incident(stand));
  CHECK_THAT(found.cause, Catch::StartsWith("version v8: "));
}

TEST_CASE("what fell away is named when fewer executions come") {
  Stand stand;
  std::mt19937 random{std::random_device{}()};
  stand.append(executions(random, {"v7", 1, 1, 5, "", "mail"}, kNow - 7 * kDayMs - kHourMs,
                          kNow - 7 * kDayMs, 300));
  stand.append(executions(random, {"v7"}, kNow - 7 * kDayMs - kHourMs, kNow - 7 * kDayMs, 200));
  stand.append(executions(random, {"v7"}, kNow - kHourMs + 1, kNow, 190));
  Incident drop;
  drop.metric = "executions";
  drop.now_ms = stand.clock.now_ms();
  drop.window_ms = kHourMs;
  drop.value = 190;
  drop.threshold = 250;
  drop.baseline = Period{kNow - 7 * kDayMs - kHourMs, kNow - 7 * kDayMs};
  const Findings found = findings(stand, drop);
  CHECK(found.cause == "prompt mail: 97 % of the change; 100 % less than before");
  CHECK_THAT(found.affected, Catch::Matches("190 executions of [34][0-9] users with 1 prompt in 2 "
                                            "regions in the last hour"));
}

TEST_CASE("what is more in progress is named by how much, however long the time before is") {
  Stand stand;
  std::mt19937 random{std::random_device{}()};
  const TimeMs began = kNow - kHourMs + 1;
  for (const char* prompt : {"mail", "chat"}) {
    stand.append(executions(random, {"v7", 1, 2'000, 5, "", prompt}, began - kDayMs, began, 2'400));
  }
  stand.append(executions(random, {"v7", 1, 2'000, 5, "", "mail"}, began, kNow + 1, 100));
  stand.append(executions(random, {"v7", 1, 5'000, 5, "", "chat"}, began, kNow + 1, 100));
  Incident overload;
  overload.metric = "concurrency";
  overload.now_ms = stand.clock.now_ms();
  overload.window_ms = kHourMs;
  overload.baseline = Period{began - kDayMs, began};
  CHECK(findings(stand, overload).cause ==
        "prompt chat: 100 % of the change; 150 % more than before");
}

TEST_CASE("what can be found in no time is nothing, and no error") {
  Stand stand;
  std::mt19937 random{1};
  stand.append(executions(random, {"v1", 0.5}, kNow - 10 * kMinuteMs, kNow, 100));
  const Findings found = diagnose(*stand.engine, stand.catalogue, stand.clock, incident(stand), 0);
  CHECK(found.affected.empty());
  CHECK(found.cause.empty());
}

}  // namespace
}  // namespace vitals::insight
