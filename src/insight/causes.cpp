#include <algorithm>
#include <array>
#include <map>

#include <vitals/insight/causes.h>

#include "budget.h"
#include "fields.h"

namespace vitals::insight {
namespace {

/// Cells answer these, by default, so they come first …
constexpr std::array kLabels{"prompt", "version", "model", "environment"};
/// … and raw events the rest.
constexpr std::array kRawLabels{"provider"};
constexpr std::uint32_t kValuesMax = 1'000;

query::MetricRequest ask(const CausesRequest& causes, const Period& period, const Budget& budget) {
  query::MetricRequest request;
  request.metric = causes.metric;
  request.stat = causes.stat;
  request.stat_given = causes.stat_given;
  request.filters = causes.filters;
  request.from_ms = period.from_ms;
  request.to_ms = period.to_ms;
  request.deadline_ms = budget.left_ms();
  return request;
}

/// Parts make up means and totals, but no percentile.
metrics::Stat additive(const metrics::Stat& stat) {
  using Kind = metrics::Stat::Kind;
  const bool adds_up = stat.kind == Kind::mean || stat.kind == Kind::sum ||
                       stat.kind == Kind::count || stat.kind == Kind::rate;
  return adds_up ? stat : metrics::Stat{};
}

/// Factor that makes totals of the period one per second; rates are that already.
double per_second(const metrics::MetricInfo& info, const metrics::Stat& stat,
                  const Period& period) {
  const bool rate = info.takes_stat ? stat.kind == metrics::Stat::Kind::rate : info.is_rate;
  return rate ? 1 : 1000.0 / static_cast<double>(period.to_ms - period.from_ms);
}

class Search {
 public:
  Search(const query::Engine& engine, const Clock& clock, const CausesRequest& request)
      : engine_(engine), budget_(clock, request.deadline_ms), request_(request) {
    request_.stat = additive(request.stat);
  }

  Result<Causes> run() {
    if (auto done = look_at_all(); !done) return std::move(done).error();
    if (!request_.dimensions.empty()) {
      for (const std::string& name : request_.dimensions) look_at(name);
    } else {
      for (const char* name : kLabels) look_at(name);
      const Period& now = request_.now;
      for (const std::string& name :
           telling_tags(engine_, request_.filters, now.from_ms, now.to_ms, budget_)) {
        look_at(name);
      }
      for (const char* name : kRawLabels) look_at(name);
    }
    found_.explanations = analytics::explain(found_.composition, dimensions_);
    return std::move(found_);
  }

 private:
  Status look_at_all() {
    const auto after = engine_.metric(ask(request_, request_.now, budget_));
    if (!after) return after.error();
    const auto before = engine_.metric(ask(request_, request_.baseline, budget_));
    if (!before) return before.error();
    found_.info = after->info;
    found_.stat = after->stat;
    found_.after = after->groups.at(0).value;
    found_.before = before->groups.at(0).value;
    if (metrics::is_total(*found_.info, request_.stat)) {
      found_.composition = analytics::Composition::total;
    }
    return {};
  }

  void look_at(const std::string& name) {
    if (!pinned(request_.filters, name).empty()) return;
    analytics::Dimension dimension{name, {}};
    std::map<std::string, analytics::Part> parts;
    const bool read = add(request_.baseline, name, &analytics::Part::before, parts) &&
                      add(request_.now, name, &analytics::Part::after, parts);
    found_.complete = found_.complete && read;
    if (!read) return;
    for (auto& [label, part] : parts) dimension.parts.push_back(std::move(part));
    dimensions_.push_back(std::move(dimension));
    found_.dimensions.push_back(name);
  }

  bool add(const Period& period, const std::string& name, analytics::Tally analytics::Part::*side,
           std::map<std::string, analytics::Part>& parts) {
    if (budget_.spent()) return false;
    query::MetricRequest request = ask(request_, period, budget_);
    request.group_by = {name};
    request.order = query::Order::count_descending;
    request.limit = std::min(kValuesMax, engine_.options().groups_max);
    const auto answer = engine_.metric(request);
    if (!answer || answer->truncated) return false;
    const bool total = found_.composition == analytics::Composition::total;
    const double factor = total ? per_second(*found_.info, request_.stat, period) : 1;
    for (const query::Group& group : answer->groups) {
      if (!group.value) continue;
      analytics::Part& part = parts[group.labels[0]];
      part.label = group.labels[0];
      part.*side = {static_cast<double>(group.count), *group.value * factor};
    }
    return true;
  }

  const query::Engine& engine_;
  const Budget budget_;
  CausesRequest request_;
  Causes found_;
  std::vector<analytics::Dimension> dimensions_;
};

}  // namespace

Result<Causes> find_causes(const query::Engine& engine, const Clock& clock,
                           const CausesRequest& request) {
  return Search(engine, clock, request).run();
}

}  // namespace vitals::insight
