#include "rollback.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>

namespace vitals::insight {
namespace {

constexpr DurationMs kLookBackMs = 30 * kDayMs;
constexpr DurationMs kJudgedMs = 7 * kDayMs;
constexpr std::uint64_t kSamplesMin = 30;
constexpr std::size_t kCandidatesMax = 10;
/// The first one must be known.
constexpr std::array kBenchmarks{"execution_success_rate", "response_quality_score",
                                 "task_completion_efficiency", "user_satisfaction_rating"};

struct Version {
  std::string name;
  TimeMs first_ms;  ///< hour of its first execution
  TimeMs end_ms;    ///< end of the hour of its last one
};

query::MetricRequest ask(const char* metric, const std::string& prompt, TimeMs from, TimeMs to,
                         const Budget& budget) {
  query::MetricRequest request;
  request.metric = metric;
  request.from_ms = from;
  request.to_ms = to;
  request.filters = {{"prompt", false, {prompt}}};
  request.deadline_ms = budget.left_ms();
  return request;
}

/// All versions of the prompt, the newest first.
std::vector<Version> versions_of(const query::Engine& engine, const RollbackRequest& asked,
                                 const Budget& budget) {
  const TimeMs from = (asked.until_ms - kLookBackMs) / kHourMs * kHourMs;
  query::MetricRequest request = ask("executions", asked.prompt, from, asked.until_ms, budget);
  request.group_by = {"version"};
  request.step_ms = kHourMs;
  std::vector<Version> versions;
  const auto answer = engine.metric(request);
  if (!answer) return versions;
  for (const query::Group& group : answer->groups) {
    Version version{group.labels[0], 0, 0};
    for (const query::Point& point : group.points) {
      if (point.count == 0) continue;
      if (version.end_ms == 0) version.first_ms = point.time_ms;
      version.end_ms = point.time_ms + kHourMs;
    }
    if (version.end_ms != 0 && !version.name.empty()) versions.push_back(std::move(version));
  }
  std::stable_sort(versions.begin(), versions.end(),
                   [](const Version& a, const Version& b) { return a.first_ms > b.first_ms; });
  return versions;
}

bool reached(const metrics::MetricInfo& info, double value) {
  if (!info.target) return true;
  return info.direction == metrics::Direction::lower_is_better ? value <= *info.target
                                                               : value >= *info.target;
}

bool met_benchmarks(const query::Engine& engine, const RollbackRequest& asked,
                    const Version& version, const Budget& budget) {
  const TimeMs to = std::min(version.end_ms, asked.until_ms);
  for (const char* metric : kBenchmarks) {
    if (budget.spent()) return false;
    query::MetricRequest request = ask(metric, asked.prompt, to - kJudgedMs, to, budget);
    request.filters.push_back({"version", false, {version.name}});
    const auto answer = engine.metric(request);
    if (!answer) return false;
    const query::Group& all = answer->groups.at(0);
    const bool known = all.value.has_value() && all.count >= kSamplesMin;
    if (!known && metric == kBenchmarks.front()) return false;
    if (known && !reached(*answer->info, *all.value)) return false;
  }
  return true;
}

}  // namespace

std::string rollback_version(const query::Engine& engine, const RollbackRequest& request,
                             const Budget& budget) {
  const std::vector<Version> versions = versions_of(engine, request, budget);
  const auto left = std::find_if(versions.begin(), versions.end(), [&](const Version& version) {
    return version.name == request.version;
  });
  // One to be left that is not known yet came after all that are.
  const TimeMs latest_ms = left == versions.end() ? request.until_ms : left->first_ms;
  std::size_t looked_at = 0;
  for (const Version& version : versions) {
    if (version.name == request.version || version.first_ms > latest_ms) continue;
    if (met_benchmarks(engine, request, version, budget)) return version.name;
    if (++looked_at == kCandidatesMax) break;
  }
  return "";
}

}  // namespace vitals::insight
