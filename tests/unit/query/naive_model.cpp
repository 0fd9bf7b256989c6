#include "naive_model.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include <catch2/catch.hpp>

namespace vitals::test {
namespace {

using Rows = std::vector<const Event*>;

struct Expected {
  std::optional<double> value;
  std::uint64_t count = 0;
};

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

Expected naive_value(const query::MetricRequest& request, const Rows& all, double seconds) {
  if (all.empty()) return {};
  Rows rows;  // that are executions
  std::copy_if(all.begin(), all.end(), std::back_inserter(rows),
               [](const Event* event) { return !event->feedback; });
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
  return summary(request, values_of(request.metric, all), seconds);
}

bool selected(const Event& event, const query::MetricRequest& request) {
  if (event.time_ms < request.from_ms || event.time_ms >= request.to_ms) return false;
  return std::all_of(request.filters.begin(), request.filters.end(),
                     [&](const auto& filter) { return filter.matches(event.field(filter.field)); });
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

}  // namespace

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

}  // namespace vitals::test
