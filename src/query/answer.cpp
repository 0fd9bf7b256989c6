#include "answer.h"

#include <algorithm>

#include <vitals/base/time_text.h>

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

}  // namespace

void set_groups(const Tallies& tallies, const MetricRequest& request, std::uint32_t limit,
                MetricAnswer& answer) {
  std::vector<Numbered> all;
  for (GroupId id = 0; id < tallies.groups().size(); ++id) {
    all.push_back({id, tallies.total(id)});
  }
  std::sort(all.begin(), all.end(), [&](const Numbered& a, const Numbered& b) {
    if (before(a, b, request.order)) return true;
    if (before(b, a, request.order)) return false;
    return tallies.groups().labels(a.id) < tallies.groups().labels(b.id);
  });
  answer.truncated = all.size() > limit;
  if (answer.truncated) all.resize(limit);
  for (const Numbered& one : all) {
    Group group{
        tallies.groups().labels(one.id), one.total.value, one.total.count, one.total.interval, {}};
    if (request.step_ms > 0) group.points = points_of(tallies, one.id);
    answer.groups.push_back(std::move(group));
  }
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
