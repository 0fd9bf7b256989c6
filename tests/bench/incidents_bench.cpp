// 10,000 alerts that begin at once, stay, and end: what each evaluation of the spine pays for them.

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <vitals/model/matcher.h>
#include <vitals/net/calls.h>
#include <vitals/notify/alert_json.h>
#include <vitals/notify/outbox.h>
#include <vitals/rules/incidents.h>
#include <vitals/store/memory.h>

using namespace vitals;

namespace {

constexpr int kAlerts = 10'000;
constexpr TimeMs kNow = 1'790'000'000'000;

/// As large as those of the mission's rules.
model::Alert alert_of(int i) {
  model::Alert alert;
  alert.id = "01998f3c-7a10-7000-8000-0000" + std::to_string(10'000'000 + i);
  alert.rule = i % 2 == 0 ? "success-rate-collapse" : "success-rate-degradation";
  alert.severity = i % 2 == 0 ? model::Severity::critical : model::Severity::warning;
  alert.status = model::AlertStatus::firing;
  alert.labels = {{"prompt", "team.growth.prompt-" + std::to_string(i / 2)},
                  {"severity", to_string(alert.severity)},
                  {"alert", "A2"},
                  {"tier", "critical"},
                  {"team", "technical"}};
  for (const char* name : {"summary", "description", "affected", "next_step", "runbook_url"}) {
    alert.annotations[name] = std::string(120, 'x');
  }
  alert.metric = "execution_success_rate";
  alert.value = 71.5;
  alert.threshold = 80;
  alert.samples = 31;
  alert.pending_since = alert.firing_since = alert.updated_at = kNow;
  alert.response_ms = 600'000;
  return alert;
}

std::vector<model::Alert> alerts() {
  std::vector<model::Alert> made;
  for (int i = 0; i < kAlerts; ++i) made.push_back(alert_of(i));
  return made;
}

rules::IncidentOptions options() {
  rules::IncidentOptions options;
  options.diagnosis_ms = 0;
  options.inhibitions = {{{*model::parse_matcher("severity:critical")},
                          {*model::parse_matcher("severity:warning")},
                          {"prompt"}}};
  return options;
}

/// As the spine does it, in turns: takes all, then steps until nothing is due. Returns the longest.
double turns(rules::Incidents& incidents, const std::vector<model::Alert>& all, TimeMs now) {
  std::chrono::steady_clock::duration longest{};
  const auto timed = [&](const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    longest = std::max(longest, std::chrono::steady_clock::now() - start);
  };
  for (std::size_t i = 0; i < all.size(); i += 128) {
    timed([&] {
      for (std::size_t k = i; k < std::min(i + 128, all.size()); ++k) incidents.take(all[k], now);
      benchmark::DoNotOptimize(incidents.drain());
    });
  }
  while (incidents.due() <= now) {
    timed([&] {
      incidents.step(now);
      benchmark::DoNotOptimize(incidents.drain());
    });
  }
  return std::chrono::duration<double, std::milli>(longest).count();
}

void incidents_begin(benchmark::State& state) {
  const auto all = alerts();
  double longest = 0;
  for (auto _ : state) {
    telemetry::Registry telemetry;
    rules::Incidents incidents(options(), telemetry);
    longest = std::max(longest, turns(incidents, all, kNow));
  }
  state.counters["longest_turn_ms"] = longest;
}

/// One of them is given anew each second.
void incidents_stay(benchmark::State& state) {
  const auto all = alerts();
  telemetry::Registry telemetry;
  rules::Incidents incidents(options(), telemetry);
  turns(incidents, all, kNow);
  for (auto _ : state) turns(incidents, {all[0]}, kNow + 1);
}

/// Alerts that began go on with what is judged then.
void go_on(benchmark::State& state, const std::vector<model::Alert>& begun,
           const std::vector<model::Alert>& judged, TimeMs now) {
  double longest = 0;
  for (auto _ : state) {
    state.PauseTiming();
    telemetry::Registry telemetry;
    rules::Incidents incidents(options(), telemetry);
    turns(incidents, begun, kNow);
    state.ResumeTiming();
    longest = std::max(longest, turns(incidents, judged, now));
  }
  state.counters["longest_turn_ms"] = longest;
}

/// Nobody takes them on: all escalate.
void incidents_escalate(benchmark::State& state) { go_on(state, alerts(), {}, kNow + 600'000); }

void incidents_end(benchmark::State& state) {
  const auto all = alerts();
  auto over = all;
  for (model::Alert& alert : over) {
    alert.status = model::AlertStatus::resolved;
    alert.resolved_at = alert.updated_at = kNow + 60'000;
  }
  go_on(state, all, over, kNow + 60'000);
}

/// What one commit writes (pipeline/alerting.cpp).
void incidents_encode_32(benchmark::State& state) {
  const auto all = alerts();
  for (auto _ : state) {
    for (int i = 0; i < 32; ++i) benchmark::DoNotOptimize(notify::encode(all[i]));
  }
}

/// … and to so many receivers, with nothing committed.
void incidents_enqueue_32(benchmark::State& state) {
  const auto all = alerts();
  const auto store = store::open_memory();
  const auto calls = net::make_calls();
  const SystemClock clock;
  telemetry::Registry telemetry;
  notify::Options options;
  for (int i = 0; i < state.range(0); ++i) {
    notify::Receiver& receiver = options.receivers.emplace_back();
    receiver.name = "receiver-" + std::to_string(i);
    receiver.target = notify::WebhookTarget{"http://127.0.0.1:1/", "", {}};
    notify::Route& route = options.routes.routes.emplace_back();
    route.receiver = receiver.name;
    route.continue_matching = true;
  }
  const auto outbox =
      notify::Outbox::open(*store, clock, options, *calls, quiet_logger(), telemetry);
  for (auto _ : state) {
    store::WriteBatch changes;
    for (int i = 0; i < 32; ++i) (*outbox)->enqueue({notify::Event::firing, all[i]}, changes);
    benchmark::DoNotOptimize(changes);
  }
}

}  // namespace

BENCHMARK(incidents_begin)->Unit(benchmark::kMillisecond);
BENCHMARK(incidents_stay)->Unit(benchmark::kMillisecond);
BENCHMARK(incidents_escalate)->Unit(benchmark::kMillisecond);
BENCHMARK(incidents_end)->Unit(benchmark::kMillisecond);
BENCHMARK(incidents_encode_32)->Unit(benchmark::kMillisecond);
BENCHMARK(incidents_enqueue_32)->Arg(1)->Arg(3)->Unit(benchmark::kMillisecond);
