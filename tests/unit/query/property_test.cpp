#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

using Rows = std::vector<const Event*>;

struct Expected {
  std::optional<double> value;
  std::uint64_t count = 0;
};

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
  event.time_ms = kNow - static_cast<TimeMs>(dice.below(3 * kDay)) - 1;
  if (dice.one_in(3)) event.time_ms -= event.time_ms % kMinute;  // on a boundary
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

/// Values of a plain measure among the rows.
std::vector<double> values_of(const std::string& metric, const Rows& rows) {
  std::vector<double> values;
  for (const Event* event : rows) {
    double value = model::kAbsent;
    if (metric == "duration_ms") value = event->duration_ms;
    if (metric == "rating") value = event->rating;
    if (metric == "total_tokens") {
      const double in = event->input_tokens, out = event->output_tokens;
      value = std::isnan(in) ? out : std::isnan(out) ? in : in + out;
    }
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

Expected summary(const query::MetricRequest& request, std::vector<double> values, double seconds) {
  using Kind = metrics::Stat::Kind;
  if (request.stat.kind == Kind::count) {
    return {static_cast<double>(values.size()), values.size()};
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  long double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += (value - sum / n) * (value - sum / n);
  double answer = static_cast<double>(sum / n);
  if (request.stat.kind == Kind::sum) answer = static_cast<double>(sum);
  if (request.stat.kind == Kind::rate) answer = static_cast<double>(sum) / seconds;
  if (request.stat.kind == Kind::min) answer = values.front();
  if (request.stat.kind == Kind::max) answer = values.back();
  if (request.stat.kind == Kind::stddev) answer = static_cast<double>(std::sqrt(squares / n));
  if (request.stat.kind == Kind::quantile) {
    const auto rank = static_cast<std::size_t>(std::ceil(request.stat.quantile * n - 1e-9));
    answer = values[std::max<std::size_t>(rank, 1) - 1];
  }
  return {answer, values.size()};
}

Expected naive_value(const query::MetricRequest& request, const Rows& rows, double seconds) {
  if (rows.empty()) return {};
  const auto with = [&](model::Tri success) {
    return static_cast<std::uint64_t>(std::count_if(
        rows.begin(), rows.end(), [&](const Event* event) { return event->success == success; }));
  };
  const std::uint64_t errors = with(model::Tri::no), successes = with(model::Tri::yes);
  if (request.metric == "executions") return {static_cast<double>(rows.size()), rows.size()};
  if (request.metric == "errors") return {static_cast<double>(errors), rows.size()};
  if (request.metric == "throughput") {
    return {static_cast<double>(rows.size()) / seconds, rows.size()};
  }
  if (request.metric == "execution_success_rate") {
    if (errors + successes == 0) return {};
    return {100.0 * static_cast<double>(successes) / static_cast<double>(errors + successes),
            errors + successes};
  }
  if (request.metric == "users") {
    std::set<std::string> users;
    for (const Event* event : rows) {
      if (!event->user.empty()) users.insert(event->user);
    }
    if (users.empty()) return {};
    return {static_cast<double>(users.size()), rows.size()};
  }
  return summary(request, values_of(request.metric, rows), seconds);
}

bool selected(const Event& event, const query::MetricRequest& request) {
  if (event.time_ms < request.from_ms || event.time_ms >= request.to_ms) return false;
  return std::all_of(request.filters.begin(), request.filters.end(),
                     [&](const auto& filter) { return filter.matches(event.field(filter.field)); });
}

query::MetricRequest random_request(Dice& dice) {
  const std::string metric =
      dice.pick<std::string>({"executions", "errors", "throughput", "execution_success_rate",
                              "users", "duration_ms", "duration_ms", "rating", "total_tokens"});
  const bool plain = metric == "duration_ms" || metric == "rating" || metric == "total_tokens";
  const std::string stat = dice.pick<std::string>(
      {"mean", "sum", "min", "max", "count", "rate", "stddev", "p5", "p50", "p95", "p99.9"});
  const auto time = [&] {
    const TimeMs at = kNow - static_cast<TimeMs>(dice.below(4 * kDay)) + kDay / 2;
    return at - at % dice.pick<TimeMs>({1, 1, kMinute, kHour, kDay});
  };
  TimeMs from = time(), to = time();
  if (from > to) std::swap(from, to);
  query::MetricRequest request = ask(metric, from, to + 1, plain ? stat : "");
  if (dice.one_in(2)) request.to_ms = to + kHour;
  if (dice.one_in(3)) {
    request.step_ms = dice.pick<DurationMs>({5 * kMinute, 7 * kMinute, kHour, 6 * kHour, kDay});
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

void check_value(const query::MetricRequest& request, const std::string& resolution,
                 const std::optional<double>& value, std::uint64_t count,
                 const Expected& expected) {
  REQUIRE(count == expected.count);
  REQUIRE(value.has_value() == expected.value.has_value());
  if (!value) return;
  CAPTURE(*value, *expected.value, resolution);
  const bool quantile = request.stat.kind == metrics::Stat::Kind::quantile;
  if (quantile && resolution == "raw") {
    REQUIRE(*value == *expected.value);
  } else if (quantile) {
    REQUIRE(std::abs(*value - *expected.value) <= 0.01 * std::abs(*expected.value) + 1e-12);
  } else if (request.stat.kind == metrics::Stat::Kind::stddev) {
    REQUIRE(*value == Approx(*expected.value).epsilon(1e-9).margin(1e-6));
  } else {
    REQUIRE(std::abs(*value - *expected.value) <= 1e-9 * std::abs(*expected.value));
  }
}

void check_answer(const query::MetricRequest& request, const query::MetricAnswer& answer,
                  const std::vector<Event>& events) {
  const TimeMs first_bucket =
      request.step_ms == 0 ? 0 : series::bucket_start(request.from_ms, request.step_ms);
  std::map<std::vector<std::string>, std::map<TimeMs, Rows>> expected;
  if (request.group_by.empty()) expected[{}];
  for (const Event& event : events) {
    if (!selected(event, request)) continue;
    std::vector<std::string> labels;
    for (const std::string& field : request.group_by) labels.push_back(event.field(field));
    const TimeMs bucket =
        request.step_ms == 0 ? 0 : series::bucket_start(event.time_ms, request.step_ms);
    expected[labels][bucket].push_back(&event);
  }
  REQUIRE(answer.from_ms == request.from_ms);
  REQUIRE(answer.to_ms == request.to_ms);
  REQUIRE(answer.groups.size() == expected.size());
  auto group = answer.groups.begin();
  for (const auto& [labels, buckets] : expected) {  // a map is in the order of labels, too
    REQUIRE(group->labels == labels);
    Rows all;
    for (const auto& bucket : buckets) {
      all.insert(all.end(), bucket.second.begin(), bucket.second.end());
    }
    const auto seconds = [](TimeMs from, TimeMs to) {
      return static_cast<double>(to - from) / 1e3;
    };
    check_value(request, answer.resolution, group->value, group->count,
                naive_value(request, all, seconds(request.from_ms, request.to_ms)));
    TimeMs start = first_bucket;
    for (const query::Point& point : group->points) {
      REQUIRE(point.time_ms == start);
      const auto at = buckets.find(start);
      const Rows rows = at == buckets.end() ? Rows{} : at->second;
      const double length = seconds(std::max(start, request.from_ms),
                                    std::min(start + request.step_ms, request.to_ms));
      check_value(request, answer.resolution, point.value, point.count,
                  naive_value(request, rows, length));
      start += request.step_ms;
    }
    if (request.step_ms > 0) REQUIRE(start >= request.to_ms);
    ++group;
  }
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
