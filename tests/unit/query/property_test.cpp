#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "naive_model.h"

using namespace vitals;
using namespace vitals::test;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <class T>
  T pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  double log_normal() { return std::lognormal_distribution<double>(6, 1.5)(random_); }

 private:
  std::mt19937_64 random_;
};

Event random_event(Dice& dice, std::size_t number) {
  Event event;
  event.id = "e" + std::to_string(number);
  event.time_ms = kNow - static_cast<TimeMs>(dice.below(3 * kDayMs)) - 1;
  if (dice.one_in(3)) event.time_ms -= event.time_ms % kMinuteMs;  // on a boundary
  event.prompt = dice.pick<std::string>({"greet", "greet", "sum", "plan", "code", ""});
  event.version = dice.pick<std::string>({"v1", "v2", ""});
  event.model = dice.pick<std::string>({"large", "small"});
  event.environment = dice.pick<std::string>({"prod", "test", ""});
  event.region = dice.pick<std::string>({"eu", "us", ""});
  event.temperature = dice.pick<std::string>({"0", "0.7", ""});
  event.user = dice.one_in(4) ? "" : "u" + std::to_string(dice.below(40));
  event.success = dice.pick<model::Tri>({model::Tri::yes, model::Tri::no, model::Tri::unknown});
  if (event.success == model::Tri::no) {
    event.error_type = dice.pick<std::string>({"timeout", "refusal", ""});
  }
  if (!dice.one_in(5)) event.duration_ms = dice.log_normal();
  if (!dice.one_in(3)) event.input_tokens = static_cast<double>(dice.below(5000));
  if (!dice.one_in(3)) event.output_tokens = static_cast<double>(dice.below(900));
  if (dice.one_in(4)) event.rating = static_cast<double>(1 + dice.below(5));
  return event;
}

query::MetricRequest random_request(Dice& dice) {
  const std::string metric =
      dice.pick<std::string>({"executions", "errors", "throughput", "execution_success_rate",
                              "users", "duration_ms", "duration_ms", "rating", "total_tokens"});
  const bool plain = metric == "duration_ms" || metric == "rating" || metric == "total_tokens";
  const std::string stat = dice.pick<std::string>(
      {"mean", "sum", "min", "max", "count", "rate", "stddev", "p5", "p50", "p95", "p99.9"});
  const auto time = [&] {
    const TimeMs at = kNow - static_cast<TimeMs>(dice.below(4 * kDayMs)) + kDayMs / 2;
    return at - at % dice.pick<TimeMs>({1, 1, kMinuteMs, kHourMs, kDayMs});
  };
  TimeMs from = time(), to = time();
  if (from > to) std::swap(from, to);
  query::MetricRequest request = ask(metric, from, to + 1, plain ? stat : "");
  if (dice.one_in(2)) request.to_ms = to + kHourMs;
  if (dice.one_in(3)) {
    request.step_ms =
        dice.pick<DurationMs>({5 * kMinuteMs, 7 * kMinuteMs, kHourMs, 6 * kHourMs, kDayMs});
  }
  const std::vector<std::string> dimensions{"prompt", "version", "model", "environment"};
  const std::vector<std::string> others{"status", "error.type", "tags.region",
                                        "parameters.temperature", "user"};
  const auto field = [&] { return dice.one_in(4) ? dice.pick(others) : dice.pick(dimensions); };
  for (std::uint64_t n = dice.below(4); n > 0; --n) {
    const std::string name = field();
    if (std::count(request.group_by.begin(), request.group_by.end(), name) == 0) {
      request.group_by.push_back(name);
    }
  }
  std::vector<std::string> texts;
  for (std::uint64_t n = dice.below(3); n > 0; --n) {
    texts.push_back(
        dice.pick<std::string>({"prompt:greet", "prompt:!greet|sum", "version:", "version:!",
                                "model:l*", "environment:prod|test", "prompt:*a*"}));
  }
  if (dice.one_in(4)) texts.push_back(dice.pick<std::string>({"tags.region:eu", "status:!error"}));
  request.filters = filters(texts);
  if (dice.one_in(3))
    request.resolution = dice.pick<series::Resolution>(
        {series::Resolution::minute, series::Resolution::hour, series::Resolution::day});
  request.raw_only = dice.one_in(6);
  return request;
}

}  // namespace

TEST_CASE("answers agree with a naive model, however much is folded and from whatever source") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  Dice dice(seed);
  Stand::Options options;
  if (dice.one_in(2)) options.series_max = 8;  // most series overflow
  options.threads = dice.pick<std::size_t>({1, 2, 3});
  CAPTURE(options.series_max, options.threads);
  Stand stand(options);
  std::vector<Event> events;
  std::map<std::string, int> resolutions;
  for (int round = 0; round < 60; ++round) {
    std::vector<Event> batch;
    for (std::uint64_t n = 1 + dice.below(120); n > 0; --n) {
      batch.push_back(random_event(dice, events.size() + batch.size()));
    }
    stand.append(batch);
    events.insert(events.end(), batch.begin(), batch.end());
    if (dice.one_in(2)) stand.fold(dice.one_in(3) ? 1 : ~std::size_t{0});
    if (dice.one_in(4)) REQUIRE(stand.log->merge_small_blocks().ok());
    if (dice.one_in(4)) REQUIRE(stand.rollups->compact().ok());
    for (int i = 0; i < 10; ++i) {
      const query::MetricRequest request = random_request(dice);
      CAPTURE(round, i, request.metric, request.stat.to_string(), request.from_ms, request.to_ms,
              request.step_ms, request.group_by, request.raw_only);
      const query::MetricAnswer answer = stand.metric(request);
      check_answer(request, answer, events);
      ++resolutions[answer.resolution];
    }
  }
  CHECK(resolutions.size() == 4);  // every source had its part
}
