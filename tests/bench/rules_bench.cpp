// One evaluation of a rule with 10,000 groups: some or all of them beginning to fire,
// and all firing on; and
// what a watched group takes in memory.

#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

#include "support/few_events.h"

using namespace vitals;

namespace {

constexpr std::size_t kGroups = 10'000;
constexpr TimeMs kNow = 1'790'000'000'000;

const metrics::Catalogue& catalogue() {
  static const metrics::Catalogue made{metrics::Options{}};
  return made;
}

rules::Rule failing(bool confidence) {
  rules::Rule rule;
  rule.name = "success-rate";
  rule.condition = rules::Threshold{"execution_success_rate", {}, rules::Comparison::below, 90, {},
                                    confidence ? 95.0 : 0.0};
  rule.group_by = {"prompt"};
  rule.labels = {{"team", "technical"}, {"tier", "critical"}};
  rule.annotations["summary"] = "Success rate of {{labels.prompt}} is {{value}} %";
  rule.annotations["description"] =
      "{{metric}} of {{labels.prompt}} is {{value}} {{unit}} over {{window}} (bound {{threshold}}, "
      "{{samples}} samples), since {{since}}.";
  return rule;
}

/// The windows and the rule, after each group has failed `failures` times in one sixtieth of the
/// window in each of `panes`.
struct Watched {
  explicit Watched(bool confidence = false, int panes = 1) {
    made = *rules::Evaluator::make({failing(confidence)}, catalogue(), windows, 7);
    std::vector<test::FewEvent> events;
    for (std::size_t i = 0; i < kGroups; ++i) {
      for (int failure = 0; failure < 5; ++failure) {
        events.push_back({0, "team.growth.prompt-" + std::to_string(i), model::Tri::no, {}, {}});
      }
    }
    for (int pane = panes - 1; pane >= 0; --pane) {
      for (test::FewEvent& event : events) event.time_ms = kNow - pane * 5'000;
      windows.apply(test::batch_of(events), kNow - pane * 5'000);
    }
  }

  window::Windows windows{metrics::Options{}, window::kMemoryMs, kGroups};
  std::unique_ptr<rules::Evaluator> made;
};

void begin_to_fire(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    auto watched = std::make_unique<Watched>();
    watched->made->changes_at_most(static_cast<std::size_t>(state.range(0)));
    state.ResumeTiming();
    auto changed = watched->made->evaluate(kNow);
    state.PauseTiming();
    if (changed.size() != static_cast<std::size_t>(state.range(0))) state.SkipWithError("too few");
    changed.clear();
    watched.reset();
    state.ResumeTiming();
  }
}

void all_fire_on(benchmark::State& state) {
  Watched watched(state.range(0) != 0);
  watched.made->evaluate(kNow);
  TimeMs now = kNow;
  for (auto _ : state) {
    now += 1;
    if (!watched.made->evaluate(now).empty()) state.SkipWithError("something changed");
  }
}

void live_values(benchmark::State& state) {
  Watched watched;
  watched.made->evaluate(kNow);
  for (auto _ : state) benchmark::DoNotOptimize(watched.made->live_values());
}

/// Events in one, or in all sixtieths of the window.
void memory_of_groups(benchmark::State& state) {
  for (auto _ : state) {
    const std::size_t before = mallinfo2().uordblks;
    const Watched watched(false, static_cast<int>(state.range(0)));
    state.counters["bytes/group"] =
        static_cast<double>(mallinfo2().uordblks - before) / static_cast<double>(kGroups);
  }
}

BENCHMARK(begin_to_fire)->Name("rules/begin_to_fire")->ArgName("alerts")->Arg(2'000)->Arg(kGroups);
BENCHMARK(all_fire_on)->Name("rules/fire_on")->ArgName("confidence")->Arg(0)->Arg(1);
BENCHMARK(live_values)->Name("rules/live_values");
BENCHMARK(memory_of_groups)->Name("rules/memory")->ArgName("sixtieths")->Arg(1)->Arg(60);

}  // namespace
