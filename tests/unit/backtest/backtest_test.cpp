// A back-test says what an evaluator that was there would have said.
#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/backtest/backtest.h>
#include <vitals/base/clock.h>
#include <vitals/rules/evaluator.h>
#include <vitals/series/rollups.h>
#include <vitals/store/memory.h>
#include <vitals/window/windows.h>

#include "support/few_events.h"
#include "support/manual_clock.h"

using namespace vitals;
using namespace vitals::backtest;
using vitals::test::batch_of;
using vitals::test::FewEvent;

namespace {

constexpr TimeMs kStart = 1'790'000'000'000;

template <class Value>
Value need(Result<Value> result) {
  if (!result) FAIL(result.error().message);
  return *std::move(result);
}

/// A log and an engine on a store in memory.
struct Stored {
  void append(const std::vector<FewEvent>& events) {
    std::vector<model::ExecutionBatch> batches{batch_of(events)};
    batches[0].ids = {};
    for (std::size_t i = 0; i < events.size(); ++i) batches[0].ids.push_back(std::to_string(++ids));
    (void)need(log->append(std::move(batches)));
  }
  Result<Report> run(const Request& request) const {
    return backtest::run({*store, *log, engine, catalogue, clock}, request);
  }

  test::ManualClock clock{kStart};
  telemetry::Registry telemetry;
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<events::EventLog> log =
      need(events::EventLog::open(*store, clock, {}, quiet_logger(), telemetry));
  std::unique_ptr<series::Rollups> rollups =
      need(series::Rollups::open(*store, clock, {}, quiet_logger(), telemetry));
  const metrics::Catalogue catalogue{metrics::Options{}};
  query::Engine engine{*store, *log, *rollups, catalogue, clock, {}, quiet_logger(), telemetry};
  int ids = 0;
};

rules::Rule success_rule() {
  rules::Rule rule;
  rule.name = "success";
  rule.condition = rules::Threshold{"execution_success_rate", {}, rules::Comparison::below, 90};
  rule.window_ms = 5 * kMinuteMs;
  rule.for_ms = 2 * kMinuteMs;
  rule.min_samples = 10;
  rule.group_by = {"prompt"};
  rule.labels = {{"team", "search"}};
  return rule;
}

/// So many executions a minute, one after another, of which one in `bad` fails; 0: none does.
void add_minutes(std::vector<FewEvent>& events, const std::string& prompt, TimeMs from, int minutes,
                 int per_minute, int bad) {
  for (int i = 0; i < minutes * per_minute; ++i) {
    const bool fails = bad != 0 && i % bad == 0;
    events.push_back(
        {from + i * kMinuteMs / per_minute, prompt, fails ? model::Tri::no : model::Tri::yes});
  }
}

Request request_for(rules::Rule rule, TimeMs from, TimeMs to) {
  const std::string name = rule.name;
  return {{std::move(rule)}, name, from, to};
}

}  // namespace

TEST_CASE("an incident of the past is found with its length and worst value") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 0);
  add_minutes(events, "a", kStart + kHourMs, 30, 12, 2);  // half of them fail
  add_minutes(events, "a", kStart + kHourMs + 30 * kMinuteMs, 90, 12, 0);
  add_minutes(events, "b", kStart, 180, 12, 0);
  stored.append(events);

  const Report report = need(stored.run(request_for(success_rule(), kStart, kStart + 3 * kHourMs)));
  CHECK(report.rule == "success");
  CHECK(report.firings == 1);
  CHECK(report.step_ms == 5 * kSecondMs);
  CHECK(report.evaluations == 3 * 3'600 / 5 + 1);
  CHECK(report.events == events.size());
  REQUIRE(report.groups.size() == 1);
  const GroupReport& group = report.groups.front();
  CHECK(group.labels == std::map<std::string, std::string>{{"prompt", "a"}});
  REQUIRE(group.incidents.size() == 1);
  const Incident& incident = group.incidents.front();
  CHECK(incident.firing_since - incident.pending_since == 2 * kMinuteMs);
  // It takes a minute until more than a tenth of five minutes have failed, and five to forget.
  CHECK(incident.pending_since > kStart + kHourMs);
  CHECK(incident.pending_since < kStart + kHourMs + 2 * kMinuteMs);
  CHECK(incident.resolved_at > kStart + kHourMs + 33 * kMinuteMs);
  CHECK(incident.resolved_at < kStart + kHourMs + 35 * kMinuteMs);
  CHECK(incident.duration_ms == incident.resolved_at - incident.firing_since);
  REQUIRE(incident.worst_value);
  CHECK(*incident.worst_value == Approx(50).margin(1));
  CHECK(incident.samples >= 55);
  CHECK(report.firing_ms == incident.duration_ms);
  CHECK(report.longest_ms == incident.duration_ms);
  CHECK(report.share == Approx(static_cast<double>(incident.duration_ms) / (3.0 * kHourMs)));
}

TEST_CASE("what still fires at the end lasts until then") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 2);
  stored.append(events);
  const Report report = need(stored.run(request_for(success_rule(), kStart, kStart + kHourMs)));
  REQUIRE(report.groups.size() == 1);
  const Incident& incident = report.groups.front().incidents.at(0);
  CHECK(incident.resolved_at == 0);
  CHECK(incident.duration_ms == kStart + kHourMs - incident.firing_since);
}

TEST_CASE("windows are full when the range begins") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 2);
  stored.append(events);
  rules::Rule rule = success_rule();
  rule.for_ms = 0;
  const TimeMs from = kStart + 30 * kMinuteMs;
  const Report report = need(stored.run(request_for(rule, from, kStart + kHourMs)));
  REQUIRE(report.firings == 1);
  CHECK(report.groups.front().incidents.front().firing_since == from);
}

TEST_CASE("silence before the first event is no absence") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 0);
  add_minutes(events, "a", kStart + 2 * kHourMs, 60, 12, 0);
  stored.append(events);
  rules::Rule rule;
  rule.name = "silent";
  rule.condition = rules::Absence{15 * kMinuteMs};
  const Report report =
      need(stored.run(request_for(rule, kStart - 24 * kHourMs, kStart + 3 * kHourMs)));
  CHECK(report.from_ms == kStart);
  REQUIRE(report.firings == 1);
  CHECK(report.groups.front().labels.empty());
  const Incident& incident = report.groups.front().incidents.front();
  CHECK(incident.firing_since == Approx(kStart + kHourMs + 15 * kMinuteMs).margin(kMinuteMs));
  CHECK(incident.resolved_at == Approx(kStart + 2 * kHourMs).margin(kMinuteMs));
  REQUIRE(incident.worst_value);
  CHECK(*incident.worst_value == Approx(3'600).margin(60));
}

TEST_CASE("a long time before the first event does not make the rest be judged less often") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 0);
  stored.append(events);
  const TimeMs to = kStart + kHourMs;
  const Report held = need(stored.run(request_for(success_rule(), kStart, to)));
  const Report longer = need(stored.run(request_for(success_rule(), kStart - 720 * kHourMs, to)));
  CHECK(longer.from_ms == kStart);
  CHECK(longer.step_ms == held.step_ms);
  CHECK(longer.evaluations == held.evaluations);
}

TEST_CASE("what cannot be answered is refused with the reason") {
  Stored stored;
  Request request = request_for(success_rule(), kStart, kStart + kHourMs);
  request.rule = "other";
  CHECK(stored.run(request).error().code == Errc::not_found);

  request = request_for(success_rule(), kStart, kStart);
  CHECK(stored.run(request).error().message == "from: must be before to");

  request = request_for(success_rule(), kStart, kStart + 1'000 * kHourMs);
  request.step_ms = kSecondMs;
  CHECK(stored.run(request).error().message == "step: 1s would be more than 100000 evaluations");

  request = request_for(success_rule(), kStart, kStart + kHourMs);
  request.rules[0].condition = rules::Threshold{"no_such"};
  CHECK(stored.run(request).error().code == Errc::invalid_argument);

  request = request_for(success_rule(), kStart, kStart + kHourMs);
  request.deadline_ms = 0;
  stored.append({{kStart, "a"}});
  const auto late = stored.run(request);
  CHECK(late.error().code == Errc::deadline_exceeded);
}

TEST_CASE("nothing stored is nothing fired") {
  const Report report = need(Stored().run(request_for(success_rule(), kStart, kStart + kHourMs)));
  CHECK(report.firings == 0);
  CHECK(report.groups.empty());
  CHECK(report.share == 0);
}

TEST_CASE("a month takes as many evaluations as are affordable") {
  Stored stored;
  stored.append({{kStart, "a"}, {kStart + 30 * 24 * kHourMs, "a"}});
  const Report report =
      need(stored.run(request_for(success_rule(), kStart, kStart + 30 * 24 * kHourMs)));
  CHECK(report.step_ms == 30 * kSecondMs);
  CHECK(report.evaluations == 86'401);
}

TEST_CASE("a composite is back-tested with the rules that it is made of") {
  Stored stored;
  std::vector<FewEvent> events;
  add_minutes(events, "a", kStart, 60, 12, 2);
  add_minutes(events, "b", kStart + 30 * kMinuteMs, 30, 12, 2);
  stored.append(events);
  rules::Rule both;
  both.name = "both";
  both.condition = rules::Composite{true, {"a", "b"}};
  Request request{{both}, "both", kStart, kStart + kHourMs};
  for (const std::string prompt : {"a", "b"}) {
    rules::Rule rule = success_rule();
    rule.name = prompt;
    rule.group_by.clear();
    rule.filters = {need(model::parse_filter("prompt:" + prompt))};
    request.rules.push_back(rule);
  }
  const Report report = need(stored.run(request));
  CHECK(report.rule == "both");
  REQUIRE(report.firings == 1);
  const Incident& incident = report.groups.front().incidents.front();
  CHECK(incident.firing_since > kStart + 32 * kMinuteMs);
  CHECK(incident.firing_since < kStart + 34 * kMinuteMs);

  request.rules.pop_back();
  CHECK(stored.run(request).error().code == Errc::invalid_argument);
}

TEST_CASE("a rule about the daemon itself cannot be back-tested") {
  rules::Rule rule;
  rule.name = "unwell";
  rule.condition = rules::Unhealthy{{"disk"}};
  CHECK(Stored().run(request_for(rule, kStart, kStart + kHourMs)).error().code ==
        Errc::unprocessable);
}

TEST_CASE("a rule on history is read as it was, so often as is affordable") {
  Stored stored;
  std::vector<FewEvent> events;
  for (int hour = 0; hour < 14 * 24; ++hour) {
    const bool quiet = hour >= 10 * 24 && hour < 10 * 24 + 6;
    add_minutes(events, "a", kStart + hour * kHourMs, 60, quiet ? 1 : 4, 0);
  }
  stored.append(events);
  stored.clock.set(kStart + 14 * 24 * kHourMs);
  rules::Rule rule;
  rule.name = "usage";
  rules::Deviation deviation;
  deviation.metric = "executions";
  deviation.by_percent = 50;
  rule.condition = deviation;
  rule.window_ms = kHourMs;
  rule.every_ms = 5 * kMinuteMs;
  // From when on there is a whole hour to compare with.
  const TimeMs from = kStart + 7 * 24 * kHourMs + 2 * kHourMs;
  const Report report = need(stored.run(request_for(rule, from, kStart + 14 * 24 * kHourMs)));
  CHECK(report.step_ms == 5 * kMinuteMs);
  CHECK(report.events == 0);
  CHECK(report.readings == report.evaluations);
  CHECK(report.readings <= static_cast<std::uint64_t>(kReadingsMax));
  CHECK(report.readings_failed == 0);
  REQUIRE(report.firings == 1);
  const Incident& incident = report.groups.front().incidents.front();
  const TimeMs quiet = kStart + 10 * 24 * kHourMs;
  CHECK(incident.firing_since > quiet);
  CHECK(incident.firing_since < quiet + kHourMs);
  CHECK(incident.resolved_at > quiet + 6 * kHourMs);
  CHECK(incident.resolved_at < quiet + 7 * kHourMs);
}

namespace {

/// What an evaluator says that gets events as they come.
struct Live {
  struct Told {
    TimeMs pending_since, firing_since, resolved_at;
    bool operator==(const Told&) const = default;
  };
  using ByGroup = std::map<std::string, std::vector<Told>>;

  ByGroup watch(const rules::Rule& rule, const std::vector<FewEvent>& in_order, TimeMs from,
                TimeMs to, DurationMs step_ms) const {
    const metrics::Catalogue catalogue{metrics::Options{}};
    window::Windows windows{metrics::Options{}};
    const auto evaluator = need(rules::Evaluator::make({rule}, catalogue, windows, 7));
    evaluator->listening_since(from);
    std::map<std::string, model::Alert> latest;
    auto next = in_order.begin();
    for (TimeMs now = from; now <= to; now += step_ms) {
      for (; next != in_order.end() && next->time_ms <= now; ++next) {
        windows.apply(batch_of({*next}), next->time_ms);
      }
      for (const model::Alert& alert : evaluator->evaluate(now)) latest[alert.id] = alert;
    }
    std::vector<model::Alert> fired;
    for (const auto& [id, alert] : latest) {
      if (alert.firing_since != 0) fired.push_back(alert);
    }
    std::sort(fired.begin(), fired.end(), [](const model::Alert& a, const model::Alert& b) {
      return a.firing_since < b.firing_since;
    });
    ByGroup told;
    for (const model::Alert& alert : fired) {
      const auto prompt = alert.labels.find("prompt");
      told[prompt == alert.labels.end() ? "" : prompt->second].push_back(
          {alert.pending_since, alert.firing_since, alert.resolved_at});
    }
    return told;
  }
};

Live::ByGroup told_by(const Report& report) {
  Live::ByGroup told;
  for (const GroupReport& group : report.groups) {
    const auto prompt = group.labels.find("prompt");
    auto& incidents = told[prompt == group.labels.end() ? "" : prompt->second];
    for (const Incident& incident : group.incidents) {
      incidents.push_back({incident.pending_since, incident.firing_since, incident.resolved_at});
    }
  }
  return told;
}

/// Traffic of a few prompts with quiet and bad times.
std::vector<FewEvent> random_traffic(std::mt19937_64& random, TimeMs from, TimeMs to) {
  const auto below = [&random](std::uint64_t bound) { return random() % bound; };
  std::vector<FewEvent> events;
  for (const std::string prompt : {"a", "b", "c"}) {
    std::uint64_t bad = 0;
    DurationMs gap = 5 * kSecondMs;
    for (TimeMs at = from; at <= to; at += 1 + static_cast<DurationMs>(below(2 * gap))) {
      if (below(60) == 0) bad = below(3) == 0 ? 3 : 40;
      if (below(100) == 0) gap = below(4) == 0 ? 5 * kMinuteMs : 5 * kSecondMs;
      events.push_back(
          {at, prompt, below(bad + 1) == 0 && bad < 40 ? model::Tri::no : model::Tri::yes});
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const FewEvent& a, const FewEvent& b) { return a.time_ms < b.time_ms; });
  return events;
}

}  // namespace

TEST_CASE("a back-test says what an evaluator said that was there") {
  const auto seed = GENERATE(range(1U, 13U));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const TimeMs to = kStart + 6 * kHourMs;
  const std::vector<FewEvent> events = random_traffic(random, kStart, to);

  rules::Rule rule = success_rule();
  rule.min_samples = 1 + random() % 10;
  rule.window_ms = static_cast<DurationMs>(1 + random() % 10) * kMinuteMs;
  rule.for_ms = static_cast<DurationMs>(random() % 4) * kMinuteMs;
  if (seed % 4 == 0) {
    rule = {};
    rule.name = "silent";
    rule.condition = rules::Absence{3 * kMinuteMs};
    rule.group_by = {"prompt"};
  }
  if (seed % 3 == 0) rule.filters = {need(model::parse_filter("prompt:a|b"))};
  if (seed % 5 == 0) rule.group_by.clear();

  // Into the log in another order, in blocks of any size.
  Stored stored;
  std::vector<FewEvent> shuffled = events;
  if (seed % 2 == 0) std::shuffle(shuffled.begin(), shuffled.end(), random);
  for (std::size_t at = 0; at < shuffled.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random() % 500, shuffled.size() - at);
    stored.append({shuffled.begin() + static_cast<std::ptrdiff_t>(at),
                   shuffled.begin() + static_cast<std::ptrdiff_t>(at + size)});
    at += size;
  }
  const Report report = need(stored.run(request_for(rule, kStart, to)));
  const auto live = Live().watch(rule, events, kStart, to, report.step_ms);
  CHECK(told_by(report) == live);
  CHECK(need(stored.run(request_for(rule, kStart, to))).firing_ms == report.firing_ms);
}
