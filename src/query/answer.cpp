#include "answer.h"

#include <algorithm>

#include <vitals/base/time_text.h>
#include <vitals/model/persons.h>

namespace vitals::query {
namespace {

/// A group by its number, which is quicker to move about than itself.
struct Numbered {
  GroupId id;
  Tallies::Value total;
};

/// Whether group a comes before b by `order` alone.
bool before(const Numbered& a, const Numbered& b, Order order) {
  switch (order) {
    case Order::labels:
      return false;
    case Order::count:
      return a.total.count < b.total.count;
    case Order::count_descending:
      return a.total.count > b.total.count;
    case Order::value:
    case Order::value_descending:
      if (a.total.value.has_value() != b.total.value.has_value()) {
        return a.total.value.has_value();
      }
      if (!a.total.value) return false;
      return order == Order::value ? *a.total.value < *b.total.value
                                   : *a.total.value > *b.total.value;
  }
  return false;
}

std::vector<Point> points_of(const Tallies& tallies, GroupId group) {
  std::vector<Point> points;
  points.reserve(tallies.points().size());
  for (std::size_t i = 0; i < tallies.points().size(); ++i) {
    const Tallies::Value value = tallies.at(group, i);
    points.push_back({tallies.points().start_ms(i), value.value, value.count});
  }
  return points;
}

/// Whether the answer tells of persons one by one.
bool is_personal(const MetricRequest& request) {
  return std::any_of(request.group_by.begin(), request.group_by.end(),
                     [](const std::string& field) { return model::is_personal(field); }) ||
         std::any_of(request.filters.begin(), request.filters.end(),
                     [](const model::Filter& filter) { return model::is_personal(filter.field); });
}

/// Executions that no user or session is known of, where that is all that persons are asked for.
bool is_nobody(const std::vector<std::string>& labels, const MetricRequest& request) {
  for (const model::Filter& filter : request.filters) {
    if (model::is_personal(filter.field)) return false;
  }
  for (std::size_t i = 0; i < request.group_by.size(); ++i) {
    if (model::is_personal(request.group_by[i]) && !labels[i].empty()) return false;
  }
  return true;
}

/// Takes the ids of groups out that are too small to be told.
std::vector<GroupId> take_small(const Tallies& tallies, const MetricRequest& request,
                                std::vector<Numbered>& all) {
  std::vector<GroupId> small;
  std::erase_if(all, [&](const Numbered& one) {
    const std::uint64_t executions = tallies.executions(one.id);
    const bool empty = executions == 0 && one.total.count == 0;
    if (empty || executions >= request.min_group) return false;
    if (is_nobody(tallies.groups().labels(one.id), request)) return false;
    small.push_back(one.id);
    return true;
  });
  return small;
}

Group group_of(const Tallies& tallies, GroupId id, const Tallies::Value& total,
               const MetricRequest& request) {
  Group group{tallies.groups().labels(id), total.value, total.count, total.interval, {}};
  if (request.step_ms > 0) group.points = points_of(tallies, id);
  return group;
}

/// Small groups as one; of which nothing is said when all together are too small as well.
Group other_group(const Tallies& tallies, const std::vector<GroupId>& small,
                  const MetricRequest& request) {
  const std::vector<std::string_view> labels(request.group_by.size(), kOther);
  const Tallies sum = tallies.together(small, labels);
  if (sum.executions(0) >= request.min_group) return group_of(sum, 0, sum.total(0), request);
  Group group{{labels.begin(), labels.end()}, std::nullopt, 0, std::nullopt, {}};
  for (std::size_t i = 0; request.step_ms > 0 && i < sum.points().size(); ++i) {
    group.points.push_back({sum.points().start_ms(i), std::nullopt, 0});
  }
  return group;
}

}  // namespace

void set_groups(const Tallies& tallies, const MetricRequest& request, std::uint32_t limit,
                MetricAnswer& answer) {
  std::vector<Numbered> all;
  for (GroupId id = 0; id < tallies.groups().size(); ++id) {
    all.push_back({id, tallies.total(id)});
  }
  answer.folded = request.min_group > 0 && is_personal(request);
  std::vector<GroupId> small;
  if (answer.folded) small = take_small(tallies, request, all);
  std::sort(all.begin(), all.end(), [&](const Numbered& a, const Numbered& b) {
    if (before(a, b, request.order)) return true;
    if (before(b, a, request.order)) return false;
    return tallies.groups().labels(a.id) < tallies.groups().labels(b.id);
  });
  answer.truncated = all.size() > limit;
  if (answer.truncated) all.resize(limit);
  for (const Numbered& one : all) {
    answer.groups.push_back(group_of(tallies, one.id, one.total, request));
  }
  if (!small.empty()) answer.groups.push_back(other_group(tallies, small, request));
}

Error too_many_points(const Tallies& tallies, const MetricRequest& request,
                      std::uint64_t points_max) {
  const std::uint64_t groups = std::max<std::uint64_t>(tallies.groups().size(), 1);
  const std::uint64_t points_per_group = points_max / groups;
  const std::string counted = "the answer would have more than " + std::to_string(points_max) +
                              (request.step_ms == 0 ? " groups" : " points");
  // The range may cut one bucket into two, at its start and its end.
  if (request.step_ms == 0 || points_per_group < 2) {
    return {Errc::unprocessable, counted + "; ask for a shorter range, fewer groups or a filter"};
  }
  const DurationMs range = request.to_ms - request.from_ms;
  const DurationMs unit = range / 1000 > static_cast<DurationMs>(points_per_group) ? 1000 : 1;
  DurationMs step = range / static_cast<DurationMs>(points_per_group) / unit * unit;
  const auto fits = [&](DurationMs length) {
    return length > 0 && Points(request.from_ms, request.to_ms, length).size() <= points_per_group;
  };
  while (!fits(step)) step += unit;
  return {Errc::unprocessable,
          counted + "; the smallest step that fits is " + format_duration(step)};
}

}  // namespace vitals::query
