#include <memory>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/rules/evaluator.h>
#include <vitals/rules/history.h>

#include "unit/query/stand.h"

namespace vitals::rules {
namespace {

using vitals::test::Event;
using vitals::test::kNow;
using vitals::test::Stand;

/// Executions and what is to be read of them.
struct Fixture {
  /// So many executions evenly over [from, to), of which a share succeeds.
  void add(const std::string& prompt, TimeMs from, TimeMs to, int count, double success = 1,
           const std::string& version = "v1") {
    std::vector<Event> events;
    for (int i = 0; i < count; ++i) {
      Event event;
      event.time_ms = from + (to - from) * i / count;
      event.id = std::to_string(++ids);
      event.prompt = prompt;
      event.version = version;
      // Evenly, so that nothing is left to chance.
      const bool well = static_cast<int>(success * (i + 1)) > static_cast<int>(success * i);
      event.success = well ? model::Tri::yes : model::Tri::no;
      events.push_back(event);
    }
    stand.append(events);
    stand.fold();
  }

  std::vector<GroupReading> read(const Rule& rule) const {
    auto answer = read_history(rule, *stand.engine, stand.catalogue, kNow);
    if (!answer) FAIL(answer.error().message);
    return *std::move(answer);
  }
  Reading read_one(const Rule& rule) const {
    const auto all = read(rule);
    REQUIRE(all.size() == 1);
    return all[0].reading;
  }

  Stand stand;
  int ids = 0;
};

bool unknown(const Reading& reading) { return !reading.holds && !reading.clears; }

/// Executions of the last hour against the same hour last week, by more than half.
Rule volume_rule() {
  Rule rule;
  rule.name = "usage";
  Deviation deviation;
  deviation.metric = "executions";
  rule.condition = deviation;
  rule.window_ms = kHourMs;
  rule.min_samples = 20;
  return rule;
}

Deviation& deviation_of(Rule& rule) { return std::get<Deviation>(rule.condition); }

TEST_CASE_METHOD(Fixture, "usage that differs by more than half from last week's hour holds") {
  add("a", kNow - 7 * kDayMs - kHourMs, kNow - 7 * kDayMs, 100);
  const auto [now, holds] = GENERATE(table<int, bool>(
      {{40, true}, {60, false}, {100, false}, {140, false}, {160, true}, {0, true}}));
  CAPTURE(now);
  if (now > 0) add("a", kNow - kHourMs + 1, kNow, now);
  const Reading reading = read_one(volume_rule());
  CHECK(reading.holds == holds);
  CHECK(reading.clears == !holds);
  CHECK(*reading.value == now);
  // The first execution lay right before the hour.
  CHECK(*reading.threshold == Approx(now >= 100 ? 148.5 : 49.5));
  CHECK(reading.against == "usual limit");
  CHECK(reading.words.at("baseline") == "99");
}

TEST_CASE_METHOD(Fixture, "the change is told with its sign") {
  add("a", kNow - 7 * kDayMs - kHourMs + 1, kNow - 7 * kDayMs, 100);
  add("a", kNow - kHourMs + 1, kNow, 38);
  CHECK(read_one(volume_rule()).words.at("change") == "-62 %");
}

TEST_CASE_METHOD(Fixture, "only the direction that is asked for holds") {
  add("a", kNow - 7 * kDayMs - kHourMs, kNow - 7 * kDayMs, 100);
  add("a", kNow - kHourMs + 1, kNow, 300);
  Rule rule = volume_rule();
  deviation_of(rule).direction = Deviation::Direction::down;
  CHECK(read_one(rule).clears);
  deviation_of(rule).direction = Deviation::Direction::up;
  CHECK(read_one(rule).holds);
}

TEST_CASE_METHOD(Fixture, "without a week's past nothing can be told") {
  add("a", kNow - kHourMs + 1, kNow, 100);
  CHECK(unknown(read_one(volume_rule())));
}

TEST_CASE_METHOD(Fixture, "a few more or less are no change") {
  add("a", kNow - 7 * kDayMs - kHourMs + 1, kNow - 7 * kDayMs, 4);
  add("a", kNow - kHourMs + 1, kNow, 12);
  CHECK(unknown(read_one(volume_rule())));
}

TEST_CASE_METHOD(Fixture, "a total that comes out of little is told") {
  add("a", kNow - 7 * kDayMs - kHourMs + 1, kNow - 7 * kDayMs, 4);
  add("a", kNow - kHourMs + 1, kNow, 200);
  CHECK(read_one(volume_rule()).holds);
}

TEST_CASE_METHOD(Fixture, "groups are judged each by its own past, filters are kept") {
  for (const auto* prompt : {"a", "b", "c"}) {
    add(prompt, kNow - 7 * kDayMs - kHourMs + 1, kNow - 7 * kDayMs, 100);
  }
  add("a", kNow - kHourMs + 1, kNow, 100);
  add("b", kNow - kHourMs + 1, kNow, 30);
  Rule rule = volume_rule();
  rule.group_by = {"prompt"};
  rule.filters = vitals::test::filters({"prompt:!c"});
  const auto readings = read(rule);
  REQUIRE(readings.size() == 2);
  CHECK(readings[0].group == Labels{{"prompt", "a"}});
  CHECK(readings[0].reading.clears);
  CHECK(readings[1].reading.holds);
  // What is gone is a group still.
  rule.filters = vitals::test::filters({"prompt:c"});
  CHECK(read_one(rule).holds);
}

TEST_CASE_METHOD(Fixture, "trailing days give their median, whatever one of them was like") {
  for (int day = 1; day <= 7; ++day) {
    add("a", kNow - day * kDayMs - kHourMs + 1, kNow - day * kDayMs, day == 3 ? 5'000 : 100 + day);
  }
  add("a", kNow - kHourMs + 1, kNow, 40);
  Rule rule = volume_rule();
  deviation_of(rule).against = Deviation::Against::trailing;
  const Reading reading = read_one(rule);
  CHECK(reading.holds);
  CHECK(reading.words.at("baseline") == "105");
}

TEST_CASE_METHOD(Fixture, "of trailing days half must be known") {
  const int known = GENERATE(3, 4);
  for (int day = 1; day <= known; ++day) {
    add("a", kNow - day * kDayMs - kHourMs + 1, kNow - day * kDayMs, 100);
  }
  add("a", kNow - kHourMs + 1, kNow, 40);
  Rule rule = volume_rule();
  deviation_of(rule).against = Deviation::Against::trailing;
  const Reading reading = read_one(rule);
  CHECK(reading.holds == (known == 4));
  CHECK(unknown(reading) == (known == 3));
}

TEST_CASE_METHOD(Fixture, "an average needs samples on both sides") {
  Rule rule = volume_rule();
  deviation_of(rule).metric = "execution_success_rate";
  deviation_of(rule).by_percent = 10;
  const auto [then, now, told] =
      GENERATE(table<int, int, bool>({{100, 100, true}, {10, 100, false}, {100, 10, false}}));
  CAPTURE(then, now);
  add("a", kNow - 7 * kDayMs - kHourMs + 1, kNow - 7 * kDayMs, then, 1);
  add("a", kNow - kHourMs + 1, kNow, now, 0.8);
  const Reading reading = read_one(rule);
  CHECK(reading.holds == told);
  CHECK(unknown(reading) == !told);
}

/// Success rate falls to 90 within four hours, as the last six hours look.
Rule trend_rule() {
  Rule rule;
  rule.name = "sinking";
  Trend trend;
  trend.metric = "execution_success_rate";
  trend.bound = 90;
  trend.reached_within_ms = 4 * kHourMs;
  rule.condition = trend;
  rule.min_samples = 50;
  return rule;
}

struct Slope : Fixture {
  /// A success rate that moves evenly over the last six hours.
  void slope(double from, double to, int per_part = 100) {
    for (int part = 0; part < 48; ++part) {
      const TimeMs start = kNow - 6 * kHourMs + part * 6 * kHourMs / 48;
      add("a", start, start + 6 * kHourMs / 48, per_part, (from + (to - from) * part / 47) / 100);
    }
  }
};

TEST_CASE_METHOD(Slope, "a slope that reaches the bound in time holds") {
  slope(99, 93);  // one percent an hour
  const Reading reading = read_one(trend_rule());
  CHECK(reading.holds);
  CHECK(*reading.value == Approx(93).margin(0.8));
  CHECK(*reading.threshold == 90);
  CHECK(reading.samples == 4'800);
  const auto reached = parse_duration(reading.words.at("reached_in"));
  REQUIRE(reached.ok());
  CHECK(static_cast<double>(*reached) == Approx(3 * kHourMs).margin(kHourMs));
}

TEST_CASE_METHOD(Slope, "a slope that is too gentle, leads away or is none does not hold") {
  const auto [from, to] = GENERATE(table<double, double>({{99, 96}, {93, 99}, {95, 95}}));
  CAPTURE(from, to);
  slope(from, to);
  CHECK(read_one(trend_rule()).clears);
}

TEST_CASE_METHOD(Slope, "what is beyond the bound already holds") {
  slope(80, 84);
  const Reading reading = read_one(trend_rule());
  CHECK(reading.holds);
  CHECK(reading.words.at("reached_in") == "0s");
}

TEST_CASE_METHOD(Slope, "a trend needs parts and samples") {
  SECTION("seven parts of a steep slope") {
    for (int part = 0; part < 7; ++part) {
      const TimeMs start = kNow - (56 - part * 8) * kMinuteMs;
      add("a", start, start + 7 * kMinuteMs, 100, (99 - part) / 100.0);
    }
  }
  SECTION("one execution in each part") { slope(99, 93, 1); }
  CHECK(unknown(read_one(trend_rule())));
}

/// Another version of a prompt does better, over a day.
Rule better_rule() {
  Rule rule;
  rule.name = "better";
  BetterVersion better;
  better.metric = "execution_success_rate";
  rule.condition = better;
  rule.group_by = {"prompt"};
  rule.min_samples = 30;
  return rule;
}

TEST_CASE_METHOD(Fixture, "another version whose interval lies above the current one's is better") {
  add("a", kNow - kDayMs + 1, kNow, 1'000, 0.90, "v8");
  add("a", kNow - kDayMs + 1, kNow - 12 * kHourMs, 400, 0.97, "v7");
  add("a", kNow - kDayMs + 1, kNow, 300, 0.95, "v9");
  add("b", kNow - kDayMs + 1, kNow, 1'000, 0.90, "v1");
  const auto readings = read(better_rule());
  REQUIRE(readings.size() == 2);
  const Reading& a = readings[0].reading;
  CHECK(a.holds);
  CHECK(a.words.at("version") == "v8");
  CHECK(a.against == "version v7");
  CHECK(a.words.at("better_version") == "v7");
  CHECK(a.words.at("interval") == "87.98 to 91.71");  // Wilson, 900 of 1000
  CHECK(*a.value == Approx(90));
  CHECK(*a.threshold == Approx(97));
  // There is nothing that could be better.
  CHECK(readings[1].reading.clears);
}

TEST_CASE_METHOD(Fixture, "intervals that overlap prefer none") {
  add("a", kNow - kDayMs + 1, kNow, 100, 0.90, "v8");
  add("a", kNow - kDayMs + 1, kNow - 12 * kHourMs, 60, 0.95, "v7");
  CHECK(read_one(better_rule()).clears);
}

TEST_CASE_METHOD(Fixture, "the current version is the one that is mostly used now") {
  add("a", kNow - kDayMs + 1, kNow - 3 * kHourMs, 2'000, 0.80, "v7");
  add("a", kNow - 2 * kHourMs, kNow, 200, 0.97, "v8");
  // v7 had most executions of the day, but it is v8 that is current, and better.
  const Reading reading = read_one(better_rule());
  CHECK(reading.clears);
  CHECK(*reading.value == Approx(97));
}

TEST_CASE_METHOD(Fixture, "of a current version that is hardly known nothing can be told") {
  add("a", kNow - kDayMs + 1, kNow - 3 * kHourMs, 2'000, 0.99, "v7");
  add("a", kNow - 2 * kHourMs, kNow, 29, 0.5, "v8");
  CHECK(unknown(read_one(better_rule())));
}

TEST_CASE_METHOD(Fixture, "a better version that is hardly known is none") {
  add("a", kNow - kDayMs + 1, kNow, 2'000, 0.80, "v8");
  add("a", kNow - kDayMs + 1, kNow, 29, 1, "v9");
  CHECK(read_one(better_rule()).clears);
}

TEST_CASE_METHOD(Fixture, "what is better must be known") {
  Rule rule = better_rule();
  std::get<BetterVersion>(rule.condition).metric = "executions";
  const auto answer = read_history(rule, *stand.engine, stand.catalogue, kNow);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == Errc::unprocessable);
}

/// A rule on history whose alert for one prompt began at kNow.
struct Fallen {
  Fallen() {
    Rule rule = volume_rule();
    rule.group_by = {"prompt"};
    auto made = Evaluator::make({rule}, catalogue, windows);
    REQUIRE(made.ok());
    evaluator = *std::move(made);
    REQUIRE(evaluator->due_history(kNow) == std::vector<std::size_t>{0});
    read.reading.holds = true;
    read.reading.clears = false;
    evaluator->take_history(0, std::vector{read});
    REQUIRE(evaluator->evaluate(kNow).size() == 1);
  }

  void require_resolved(TimeMs when) const {
    const auto retired = evaluator->evaluate(when);
    REQUIRE(retired.size() == 1);
    CHECK(retired[0].status == model::AlertStatus::resolved);
  }

  const metrics::Catalogue catalogue{metrics::Options{}};
  window::Windows windows{metrics::Options{}};
  GroupReading read{{{"prompt", "a"}}, {}};
  std::unique_ptr<Evaluator> evaluator;
};

TEST_CASE_METHOD(Fallen,
                 "an alert stays while nothing is known of its group, until it is retired") {
  evaluator->take_history(0, std::vector<GroupReading>());
  CHECK(evaluator->evaluate(kNow + kDayMs).empty());
  require_resolved(kNow + windows.memory_ms());
}

TEST_CASE_METHOD(Fallen, "an alert is retired when a trickle of events tells nothing for as long") {
  REQUIRE(evaluator->evaluate(kNow + kDayMs).empty());  // held last
  read.reading.holds = false;
  evaluator->take_history(0, std::vector{read});
  CHECK(evaluator->evaluate(kNow + windows.memory_ms()).empty());
  require_resolved(kNow + kDayMs + windows.memory_ms());
}

TEST_CASE("a rule of history that cannot be judged is refused") {
  Rule days = volume_rule();
  deviation_of(days).against = Deviation::Against::trailing;
  deviation_of(days).trailing_ms = GENERATE(12 * kHourMs, 36 * kHourMs, 32 * kDayMs);
  Rule versions = better_rule();
  versions.group_by = {"prompt", "version"};
  const metrics::Catalogue catalogue{metrics::Options{}};
  window::Windows windows{metrics::Options{}};
  CHECK_THAT(Evaluator::make({days}, catalogue, windows).error().message,
             Catch::Contains("changed: trailing must be whole days, from 1d to 31d"));
  CHECK_THAT(Evaluator::make({versions}, catalogue, windows).error().message,
             Catch::Contains("group_by: versions are what is compared"));
}

}  // namespace
}  // namespace vitals::rules
