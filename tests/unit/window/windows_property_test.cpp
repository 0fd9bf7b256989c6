#include <random>

#include <catch2/catch.hpp>

#include <vitals/window/windows.h>

#include "support/few_events.h"

namespace vitals::window {
namespace {

using model::Number;

constexpr TimeMs kStart = 1'790'000'000'000;
constexpr DurationMs kFutureMaxMs = 600'000;

/// All events ever taken, added up anew for every question.
class PlainWindow {
 public:
  explicit PlainWindow(DurationMs window_ms) : window_ms_(window_ms), step_ms_(window_ms / 60) {}

  void add(const test::FewEvent& event, TimeMs now) {
    if (event.time_ms > now - window_ms_ && event.time_ms <= now + kFutureMaxMs) {
      events_.push_back(event);
    }
  }

  struct Sum {
    std::uint64_t executions = 0;
    double total = 0;
    double max = 0;
  };
  std::map<std::string, Sum> ask(TimeMs now) const {
    std::map<std::string, Sum> sums;
    const TimeMs end = ((now - 1) / step_ms_ + 1) * step_ms_;  // of the pane that now lies in
    for (const test::FewEvent& event : events_) {
      if (event.time_ms > end || event.time_ms <= end - 60 * step_ms_) continue;
      Sum& sum = sums[event.prompt];
      ++sum.executions;
      sum.total += event.numbers[0].second;
      sum.max = std::max(sum.max, event.numbers[0].second);
    }
    return sums;
  }

 private:
  DurationMs window_ms_;
  DurationMs step_ms_;
  std::vector<test::FewEvent> events_;
};

/// Mostly live, sometimes late by up to two windows, sometimes ahead.
TimeMs event_time(std::mt19937_64& random, TimeMs now, DurationMs window_ms) {
  const auto below = [&random](DurationMs n) {
    return static_cast<DurationMs>(random() % static_cast<std::uint64_t>(n));
  };
  switch (random() % 8) {
    case 0:
      return now - below(2 * window_ms);
    case 1:
      return now + below(kFutureMaxMs);
    case 2:
      return now - below(window_ms);
    default:
      return now - below(window_ms / 60 + 1);
  }
}

TEST_CASE("windows agree with adding everything up, in any order of events") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int run = 0; run < 40; ++run) {
    const DurationMs window_ms = 60 * static_cast<DurationMs>(1 + random() % 60'000);
    CAPTURE(run, window_ms);
    Spec spec{{}, {"prompt"}, window_ms, {}, false};
    spec.needs.add_moments(metrics::measure_of(Number::duration_ms));
    Windows windows({});
    const WindowId id = windows.add(spec);
    PlainWindow plain(window_ms);

    TimeMs now = kStart + static_cast<TimeMs>(random() % 1'000'000);
    for (int step = 0; step < 150; ++step) {
      const bool leap = random() % 20 == 0;
      now +=
          static_cast<TimeMs>(random() % static_cast<std::uint64_t>(window_ms / (leap ? 1 : 30)));
      std::vector<test::FewEvent> events(random() % 12);
      for (test::FewEvent& event : events) {
        event.time_ms = event_time(random, now, window_ms);
        event.prompt = "p" + std::to_string(random() % 4);
        event.numbers = {{Number::duration_ms, static_cast<double>(random() % 1'000'000) / 16}};
        plain.add(event, now);
      }
      windows.apply(test::batch_of(events), now);

      auto expected = plain.ask(now);
      windows.visit(id, now, [&](const GroupView& group) {
        const PlainWindow::Sum sum = expected[group.labels.at("prompt")];
        expected.erase(group.labels.at("prompt"));
        REQUIRE(group.cell.counts.executions == sum.executions);
        const sketch::Moments& moments =
            *group.cell.moments(metrics::measure_of(Number::duration_ms));
        REQUIRE(moments.count == sum.executions);
        REQUIRE(moments.total() == Approx(sum.total).epsilon(1e-12));
        if (sum.executions > 0) REQUIRE(moments.max == sum.max);
      });
      REQUIRE(expected.empty());
    }
  }
}

}  // namespace
}  // namespace vitals::window
