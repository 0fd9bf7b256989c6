#include <deque>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

using model::AlertStatus;

/// A change of an alert without its id, to be compared.
struct Change {
  std::string rule;
  std::string prompt;
  AlertStatus status;
  TimeMs pending_since;
  TimeMs firing_since;
  bool operator==(const Change&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Change& c) {
  return out << c.rule << '/' << c.prompt << ' ' << to_string(c.status) << " pending "
             << c.pending_since << " firing " << c.firing_since;
}

/// The rules as a reader understands them: counts everything anew at each evaluation.
class PlainRule {
 public:
  explicit PlainRule(Rule rule) : rule_(std::move(rule)) {}

  void evaluate(const std::deque<FewEvent>& events, TimeMs now, std::vector<Change>& changes) {
    const DurationMs step = rule_.window_ms / 60;
    const TimeMs end = ((now - 1) / step + 1) * step;
    std::map<std::string, std::pair<int, int>> counts;  // successes, all
    for (const FewEvent& event : events) {
      if (event.time_ms > end || event.time_ms <= end - 60 * step) continue;
      auto& [successes, all] = counts[event.prompt];
      successes += event.success == model::Tri::yes ? 1 : 0;
      ++all;
    }
    for (auto& entry : open_) counts.try_emplace(entry.first);
    for (const auto& [prompt, count] : counts) {
      const auto [successes, all] = count;
      const bool bad =
          all > 0 && 100.0 * successes / all < std::get<Threshold>(rule_.condition).bound;
      const bool holds = bad && static_cast<std::uint64_t>(all) >= rule_.min_samples;
      step_group(prompt, holds, bad, now, changes);
    }
  }

 private:
  void step_group(const std::string& prompt, bool holds, bool bad, TimeMs now,
                  std::vector<Change>& changes) {
    const auto open = open_.find(prompt);
    if (!holds) {
      if (open == open_.end()) return;
      // With too few samples what fires goes on.
      if (bad && open->second.status == AlertStatus::firing) return;
      changes.push_back(open->second);
      changes.back().status = AlertStatus::resolved;
      open_.erase(open);
    } else if (open == open_.end()) {
      const bool fires = rule_.for_ms == 0;
      const Change change{rule_.name, prompt, fires ? AlertStatus::firing : AlertStatus::pending,
                          now, fires ? now : 0};
      open_.emplace(prompt, change);
      changes.push_back(change);
    } else if (open->second.status == AlertStatus::pending &&
               now - open->second.pending_since >= rule_.for_ms) {
      open->second.status = AlertStatus::firing;
      open->second.firing_since = now;
      changes.push_back(open->second);
    }
  }

  Rule rule_;
  std::map<std::string, Change> open_;
};

std::vector<Rule> random_rules(std::mt19937_64& random) {
  std::vector<Rule> rules;
  for (int i = 0; i < 4; ++i) {
    Rule rule = success_rule();
    rule.name += std::to_string(i);
    rule.window_ms = kMinuteMs * static_cast<DurationMs>(1 + random() % 60);
    rule.for_ms = kMinuteMs * static_cast<DurationMs>(random() % 10);
    rule.min_samples = 1 + random() % 20;
    threshold_of(rule).bound = 60 + static_cast<double>(random() % 40);
    rules.push_back(rule);
  }
  return rules;
}

/// Two days of traffic of three prompts with bad and silent hours; restarts now and then.
std::vector<Change> simulate(std::uint64_t seed, bool restarts,
                             std::vector<Change>* plain_changes) {
  std::mt19937_64 random(seed);
  std::mt19937_64 restart_random(seed + 1);
  const std::vector<Rule> rules = random_rules(random);
  RuleHouse house(rules);
  std::vector<PlainRule> plain(rules.begin(), rules.end());
  std::deque<FewEvent> recent;
  std::vector<Change> changes;
  TimeMs now = kNow;
  while (now < kNow + 48 * kHourMs) {
    now += static_cast<TimeMs>(1 + random() % 120'000);
    std::vector<FewEvent> events;
    for (int prompt = 0; prompt < 3; ++prompt) {
      const auto mood = (now / kHourMs * 7 + prompt * 3) % 5;  // 0: silent, 1: bad, else good
      for (std::uint64_t n = random() % (mood == 0 ? 1 : 6); n > 0; --n) {
        const bool good = random() % 100 < (mood == 1 ? 50 : 97);
        events.push_back({now - static_cast<TimeMs>(random() % 60'000),
                          "p" + std::to_string(prompt), good ? model::Tri::yes : model::Tri::no});
      }
    }
    house.post(events, now);
    for (const model::Alert& alert : house.evaluate(now)) {
      changes.push_back({alert.rule, alert.labels.at("prompt"), alert.status, alert.pending_since,
                         alert.firing_since});
    }
    if (restarts && restart_random() % 50 == 0) house.restart(now);
    if (plain_changes == nullptr) continue;
    // Only events that can still count; those that came late are where a window first met them.
    for (const FewEvent& event : events) recent.push_back(event);
    while (!recent.empty() && recent.front().time_ms < now - 2 * kHourMs) recent.pop_front();
    for (PlainRule& rule : plain) rule.evaluate(recent, now, *plain_changes);
  }
  return changes;
}

TEST_CASE("days of traffic give the alerts that the rules say") {
  const auto seed = std::random_device{}();
  for (std::uint64_t run = 0; run < 4; ++run) {
    CAPTURE(seed, run);
    std::vector<Change> expected;
    const std::vector<Change> changes = simulate(seed + run, false, &expected);
    CHECK(changes.size() > 10);
    REQUIRE(changes.size() == expected.size());
    for (std::size_t i = 0; i < changes.size(); ++i) REQUIRE(changes[i] == expected[i]);
  }
}

TEST_CASE("restarts change nothing") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  const std::vector<Change> changes = simulate(seed, false, nullptr);
  CHECK(changes.size() > 10);
  for (const bool restarts : {true, false}) {
    const std::vector<Change> again = simulate(seed, restarts, nullptr);
    REQUIRE(again.size() == changes.size());
    for (std::size_t i = 0; i < changes.size(); ++i) REQUIRE(again[i] == changes[i]);
  }
}

}  // namespace
}  // namespace vitals::rules::test
