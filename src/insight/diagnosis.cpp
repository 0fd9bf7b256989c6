#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <vitals/base/clock.h>
#include <vitals/insight/diagnosis.h>

#include "budget.h"
#include "fields.h"
#include "rollback.h"
#include "words.h"

namespace vitals::insight {
namespace {

constexpr DurationMs kWeekMs = 7 * kDayMs;
/// Metrics that only failed executions make worse.
constexpr std::array<std::string_view, 3> kAboutErrors{"execution_success_rate", "errors",
                                                       "error_handling_robustness"};
constexpr std::uint32_t kErrorsNamed = 3;

class Detective {
 public:
  Detective(const query::Engine& engine, const metrics::Catalogue& catalogue, const Clock& clock,
            const Incident& incident, DurationMs deadline_ms)
      : engine_(engine),
        metric_(catalogue.find(incident.metric)),
        clock_(clock),
        incident_(incident),
        budget_(clock, deadline_ms) {
    // The instant itself belongs to the window.
    window_ = {incident.now_ms + 1 - incident.window_ms, incident.now_ms + 1};
  }

  Findings run() {
    Findings findings;
    findings.affected = affected();
    const std::optional<Causes> causes = explained();
    if (causes) findings.cause = cause_text(*causes);
    findings.errors = errors();
    findings.rollback_to = rollback_to(causes);
    return findings;
  }

 private:
  query::MetricRequest ask(const std::string& metric, const Period& period) const {
    query::MetricRequest request;
    request.metric = metric;
    request.filters = incident_.filters;
    request.from_ms = period.from_ms;
    request.to_ms = period.to_ms;
    request.deadline_ms = budget_.left_ms();
    return request;
  }

  std::vector<query::Group> groups(query::MetricRequest request, const std::string& field) const {
    if (budget_.spent()) return {};
    request.group_by = {field};
    auto answer = engine_.metric(request);
    return answer ? std::move(answer->groups) : std::vector<query::Group>();
  }

  query::Group all(const query::MetricRequest& request) const {
    if (budget_.spent()) return {};
    auto answer = engine_.metric(request);
    return answer ? std::move(answer->groups.at(0)) : query::Group{};
  }

  std::string affected() const;
  std::string errors() const;
  std::optional<Causes> explained() const;
  std::optional<Period> baseline() const;
  std::string suspect(const std::optional<Causes>& causes) const;
  std::string rollback_to(const std::optional<Causes>& causes) const;

  const query::Engine& engine_;
  const metrics::Metric* const metric_;
  const Clock& clock_;
  const Incident& incident_;
  const Budget budget_;
  Period window_;
};

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string Detective::affected() const {
  const bool failed =
      std::find(kAboutErrors.begin(), kAboutErrors.end(), incident_.metric) != kAboutErrors.end();
  const auto hurt = [&](const char* metric) {
    query::MetricRequest request = ask(metric, window_);
    if (failed) request.filters.push_back({"status", false, {"error"}});
    return request;
  };
  const auto distinct = [&](const std::string& field) {
    const auto found = groups(hurt("executions"), field);
    return static_cast<std::uint64_t>(
        std::count_if(found.begin(), found.end(),
                      [](const query::Group& group) { return !group.labels[0].empty(); }));
  };
  const std::uint64_t executions = all(hurt("executions")).count;
  if (executions == 0) return "";
  std::string text = counted(executions, failed ? "failed execution" : "execution");
  const auto users = std::llround(all(hurt("users")).value.value_or(0));
  if (users > 0) text += " of " + counted(static_cast<std::uint64_t>(users), "user");
  if (pinned(incident_.filters, "prompt").empty()) {
    const std::uint64_t prompts = distinct("prompt");
    if (prompts > 0) text += " with " + counted(prompts, "prompt");
  }
  const std::uint64_t regions = distinct("tags.region");
  if (regions > 0) text += " in " + counted(regions, "region");
  return text + " in the last " + spoken(incident_.window_ms);
}

std::string Detective::errors() const {
  query::MetricRequest request = ask("errors", window_);
  request.order = query::Order::value_descending;
  std::string text;
  double named = 0;
  double total = 0;
  for (const query::Group& group : groups(request, "error.type")) {
    const double count = group.value.value_or(0);
    total += count;
    if (count == 0 || ++named > kErrorsNamed) continue;
    text += text.empty() ? "" : ", ";
    text += fmt::format("{} {}", group.labels[0].empty() ? "(no class)" : group.labels[0], count);
  }
  return text.empty() ? "" : fmt::format("{} of {} errors", text, total);
}

/// The first period that was well, and has enough in it.
std::optional<Period> Detective::baseline() const {
  if (incident_.baseline) return incident_.baseline;
  if (metric_ == nullptr) return std::nullopt;
  query::MetricRequest request = ask(incident_.metric, window_);
  request.stat = incident_.stat;
  request.stat_given = incident_.stat_given;
  const DurationMs length = incident_.window_ms;
  const TimeMs began = window_.from_ms;
  std::array<Period, 3> candidates{{{began - std::max(length, kHourMs), began},
                                    {began - kDayMs, began},
                                    {began - kWeekMs, began}}};
  // A total depends on how long it is of, and on the time of day.
  if (metrics::is_total(metric_->info(), incident_.stat)) {
    candidates = {{{began - length, began},
                   {began - kDayMs, began - kDayMs + length},
                   {began - kWeekMs, began - kWeekMs + length}}};
  }
  for (const Period& period : candidates) {
    request.from_ms = period.from_ms;
    request.to_ms = period.to_ms;
    request.deadline_ms = budget_.left_ms();
    const query::Group was = all(request);
    if (!was.value || was.count < std::max<std::uint64_t>(incident_.samples_min, 1)) continue;
    if (!incident_.value || !incident_.threshold) return period;
    const bool below = *incident_.value < *incident_.threshold;
    if (below ? *was.value >= *incident_.threshold : *was.value <= *incident_.threshold) {
      return period;
    }
  }
  return std::nullopt;
}

std::optional<Causes> Detective::explained() const {
  const std::optional<Period> before = baseline();
  if (!before || budget_.spent()) return std::nullopt;
  CausesRequest request;
  request.metric = incident_.metric;
  request.stat = incident_.stat;
  request.stat_given = incident_.stat_given;
  request.filters = incident_.filters;
  request.now = window_;
  request.baseline = *before;
  // What comes afterwards needs some of the time too.
  request.deadline_ms = std::max<DurationMs>(budget_.left_ms() * 2 / 3, 1);
  auto causes = find_causes(engine_, clock_, request);
  if (!causes) return std::nullopt;
  return *std::move(causes);
}

/// The version that is to blame, or the one that is mostly used.
std::string Detective::suspect(const std::optional<Causes>& causes) const {
  if (std::string one = pinned(incident_.filters, "version"); !one.empty()) return one;
  if (causes && !causes->explanations.empty()) {
    const analytics::Explanation& best = causes->explanations.front();
    if (best.dimension == "version") return best.causes.front().part.label;
  }
  query::MetricRequest request = ask("executions", window_);
  request.order = query::Order::count_descending;
  const auto versions = groups(request, "version");
  return versions.empty() ? "" : versions.front().labels[0];
}

/// No version is worse for being used more or less.
std::string Detective::rollback_to(const std::optional<Causes>& causes) const {
  const std::string prompt = pinned(incident_.filters, "prompt");
  const bool better_or_worse =
      metric_ != nullptr && metric_->info().direction != metrics::Direction::neutral;
  if (prompt.empty() || !better_or_worse) return "";
  const std::string version = suspect(causes);
  if (version.empty()) return "";
  return rollback_version(engine_, {prompt, version, window_.from_ms}, budget_);
}

}  // namespace

Findings diagnose(const query::Engine& engine, const metrics::Catalogue& catalogue,
                  const Clock& clock, const Incident& incident, DurationMs deadline_ms) {
  return Detective(engine, catalogue, clock, incident, deadline_ms).run();
}

}  // namespace vitals::insight
