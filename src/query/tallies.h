#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/metrics/metric.h>

#include "groups.h"
#include "points.h"

namespace vitals::query {

/// A metric and how it is to be summarised.
struct Question {
  const metrics::Metric& metric;
  metrics::Stat stat;
  metrics::Needs needs;
  /// Of a quantile of one measure that is to be exact: its values are kept instead of a sketch.
  std::optional<metrics::Measure> exact;
  double confidence = 0;  ///< of intervals; 0: none are asked for
};

/// What all tallies of one query may keep together.
struct TallyBudget {
  std::uint64_t points_max;
  std::uint64_t values_max;  ///< kept for exact quantiles
  std::atomic<std::uint64_t> points{0};
  std::atomic<std::uint64_t> values{0};
};

/// What was added up for every group and point. Of points without executions nothing is kept.
class Tallies {
 public:
  /// Keeps a reference to the budget.
  Tallies(const Question& question, const Points& points, TallyBudget& budget)
      : question_(question), points_(points), budget_(&budget) {}

  GroupId group(const std::vector<std::string_view>& labels) { return groups_.intern(labels); }
  void add(GroupId group, std::size_t point, const metrics::MeasuredBatch& batch,
           std::span<const std::uint32_t> rows);
  /// The cell of a group and point, for others to be merged into; null when nothing more is kept.
  metrics::Cell* cell(GroupId group, std::size_t point);
  /// Adds what other tallies of the same question have added up.
  void merge(Tallies&& other);

  const Points& points() const { return points_; }
  const Groups& groups() const { return groups_; }
  /// Groups × points went over their limit: from then on only groups are counted.
  bool too_many_points() const { return too_many_points_; }
  /// Too many values for an exact quantile: they have to be sketched.
  bool too_many_values() const { return budget_->values > budget_->values_max; }
  /// Several tallies keep too much together, which one alone might not.
  bool crowded() const { return budget_->points > budget_->points_max; }
  /// Adding more cannot change the answer any more, which will be a refusal or another attempt.
  bool full() const {
    return too_many_values() || crowded() || groups_.size() > budget_->points_max;
  }

  struct Value {
    std::optional<double> value;
    std::uint64_t count = 0;
    std::optional<metrics::Interval> interval;
  };
  Value at(GroupId group, std::size_t point) const;
  /// Of all points of a group together.
  Value total(GroupId group) const;
  /// That were added to a group, at all points together.
  std::uint64_t executions(GroupId group) const;
  /// These groups, added up in one with these labels, whose id is 0.
  Tallies together(const std::vector<GroupId>& groups,
                   const std::vector<std::string_view>& labels) const;

 private:
  struct Tally {
    metrics::Cell cell;
    std::vector<double> values;
  };
  /// Null when there are too many points.
  Tally* find_or_add(GroupId group, std::size_t point);
  const Tally* find(GroupId group, std::size_t point) const;
  Value value_of(const Tally& tally, double seconds) const;

  Question question_;
  Points points_;
  TallyBudget* budget_;
  Groups groups_;
  std::vector<std::vector<std::uint32_t>> places_;  // by group and point: in tallies_, from 1
  std::vector<Tally> tallies_;
  bool too_many_points_ = false;
};

}  // namespace vitals::query
