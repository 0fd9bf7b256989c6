#include <algorithm>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "unit/query/naive_model.h"
#include "world.h"

namespace vitals::property {
namespace {

using series::Resolution;

constexpr std::uint64_t kPointsMax = 200;

TimeMs ceiling(TimeMs time, DurationMs length) {
  return series::bucket_start(time + length - 1, length);
}

/// Fields of series; the others are answered from raw events.
const std::vector<std::string> kDimensions{"prompt", "version", "model"};
const std::vector<std::string> kFields{"prompt", "model", "status", "user", "tags.region"};

}  // namespace

TimeMs World::top() const {
  TimeMs newest = house_.now();
  for (const Event& event : ledger_.held()) newest = std::max(newest, event.time_ms);
  return series::bucket_start(newest, kDayMs) + kDayMs;
}

TimeMs World::kept_from(std::optional<Resolution> source) const {
  const DurationMs retention_ms =
      source ? settings_.series.retention_ms[static_cast<std::size_t>(*source)]
             : settings_.log.raw_retention_ms;
  if (retention_ms != events::kForever) return latest_ - retention_ms;
  TimeMs oldest = house_.now();
  for (const Event& event : ledger_.held()) oldest = std::min(oldest, event.time_ms);
  return series::bucket_start(oldest, kDayMs);
}

void World::check() const {
  check_everything();
  for (int i = 0; i < 3; ++i) check_one();
}

void World::check_everything() const {
  for (const char* metric : {"executions", "duration_ms"}) {
    auto request = test::ask(metric, ceiling(kept_from(Resolution::day), kDayMs), top(),
                             metric == std::string("duration_ms") ? "sum" : "");
    if (request.from_ms >= request.to_ms) return;
    CAPTURE(metric);
    const auto answer = engine_->metric(request);
    if (!answer) FAIL(answer.error().message);
    test::check_answer(request, *answer, ledger_.held());
  }
}

void World::check_one() const {
  const auto request = random_request();
  if (request.from_ms >= request.to_ms) return;
  CAPTURE(request.metric, request.stat.to_string(), request.from_ms, request.to_ms, request.step_ms,
          request.group_by, request.filters.size(), request.resolution.has_value());
  const auto answer = engine_->metric(request);
  if (!answer) FAIL(answer.error().message);
  test::check_answer(request, *answer, ledger_.held());
}

query::MetricRequest World::random_request() const {
  const auto metric = dice_.pick<std::string>({"executions", "errors", "execution_success_rate",
                                               "users", "duration_ms", "duration_ms", "rating"});
  const bool plain = metric == "duration_ms" || metric == "rating";
  const auto stat = dice_.pick<std::string>({"mean", "sum", "min", "max", "count", "p50", "p95"});
  const auto source = dice_.pick<std::optional<Resolution>>(
      {std::nullopt, Resolution::minute, Resolution::hour, Resolution::day});
  const DurationMs length = source ? length_ms(*source) : 1;

  const TimeMs first = ceiling(kept_from(source), length);
  const auto cells = static_cast<std::uint64_t>(std::max<TimeMs>(top() - first, 0) / length);
  if (cells == 0) return {};
  TimeMs from = first, to = top();
  if (dice_.one_in(2)) from += length * static_cast<DurationMs>(dice_.below(cells));
  if (dice_.one_in(2)) to -= length * static_cast<DurationMs>(dice_.below(cells));
  auto request = test::ask(metric, from, to, plain ? stat : "");
  if (dice_.one_in(3)) {
    const auto step =
        std::max<DurationMs>((to - from) / static_cast<DurationMs>(kPointsMax), kHourMs);
    request.step_ms = ceiling(step, length);
  }
  if (dice_.one_in(2)) request.resolution = source;
  request.raw_only = !source && dice_.one_in(2);

  // Of events whose series is not known, and by other fields, only the log can tell.
  const bool covered = from >= kept_from({});
  if (!covered && settings_.series.series_max < 100) return request;
  if (dice_.one_in(2)) request.group_by = {dice_.pick(covered ? kFields : kDimensions)};
  if (dice_.one_in(3)) {
    request.filters = test::filters(
        {dice_.pick<std::string>({"prompt:p1", "prompt:!p0|p2", "version:", "model:l*"})});
  }
  return request;
}

}  // namespace vitals::property
