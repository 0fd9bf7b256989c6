#include "tallies.h"

#include <algorithm>
#include <cmath>

#include <vitals/sketch/quantiles.h>

namespace vitals::query {

Tallies::Tally* Tallies::find_or_add(GroupId group, std::size_t point) {
  too_many_points_ = too_many_points_ || groups_.size() * points_.size() > budget_->points_max;
  if (too_many_points_) return nullptr;
  if (places_.size() <= group) places_.resize(groups_.size());
  if (places_[group].empty()) places_[group].resize(points_.size(), 0);
  std::uint32_t& place = places_[group][point];
  if (place == 0) {
    tallies_.push_back({question_.exact ? metrics::Cell() : metrics::Cell(question_.needs), {}});
    place = static_cast<std::uint32_t>(tallies_.size());
    ++budget_->points;
  }
  return &tallies_[place - 1];
}

const Tallies::Tally* Tallies::find(GroupId group, std::size_t point) const {
  if (group >= places_.size() || places_[group].empty()) return nullptr;
  const std::uint32_t place = places_[group][point];
  return place == 0 ? nullptr : &tallies_[place - 1];
}

void Tallies::add(GroupId group, std::size_t point, const metrics::MeasuredBatch& batch,
                  std::span<const std::uint32_t> rows) {
  Tally* tally = find_or_add(group, point);
  if (tally == nullptr) return;
  if (!question_.exact) {
    tally->cell.add(batch, rows);
    return;
  }
  const model::ExecutionBatch& executions = batch.batch();
  tally->cell.counts.executions += static_cast<std::uint64_t>(
      std::count_if(rows.begin(), rows.end(),
                    [&executions](std::uint32_t row) { return executions.is_execution(row); }));
  const std::vector<double>& column = batch.column(*question_.exact);
  if (column.empty() || too_many_values()) return;
  const std::size_t before = tally->values.size();
  for (const std::uint32_t row : rows) {
    if (!std::isnan(column[row])) tally->values.push_back(column[row]);
  }
  budget_->values += tally->values.size() - before;
}

metrics::Cell* Tallies::cell(GroupId group, std::size_t point) {
  Tally* tally = find_or_add(group, point);
  return tally == nullptr ? nullptr : &tally->cell;
}

void Tallies::merge(Tallies&& other) {
  too_many_points_ = too_many_points_ || other.too_many_points_;
  std::vector<std::string_view> labels;
  for (GroupId id = 0; id < other.groups_.size(); ++id) {
    const std::vector<std::string>& texts = other.groups_.labels(id);
    labels.assign(texts.begin(), texts.end());
    const GroupId group = groups_.intern(labels);
    if (id >= other.places_.size()) continue;
    for (std::size_t point = 0; point < other.places_[id].size(); ++point) {
      const std::uint32_t place = other.places_[id][point];
      if (place == 0) continue;
      Tally& theirs = other.tallies_[place - 1];
      const std::size_t before = tallies_.size();
      Tally* mine = find_or_add(group, point);
      if (mine == nullptr) continue;
      if (tallies_.size() > before) {
        *mine = std::move(theirs);
        continue;
      }
      mine->cell.merge(theirs.cell);
      mine->values.insert(mine->values.end(), theirs.values.begin(), theirs.values.end());
    }
  }
}

Tallies::Value Tallies::value_of(const Tally& tally, double seconds) const {
  if (!question_.exact) {
    const metrics::Metric& metric = question_.metric;
    Value value{metric.value(tally.cell, question_.stat, seconds), metric.samples(tally.cell), {}};
    if (question_.confidence > 0) {
      value.interval = metric.interval(tally.cell, question_.stat, seconds, question_.confidence);
    }
    return value;
  }
  if (tally.values.empty()) return {};
  std::vector<double> values = tally.values;
  const std::uint64_t rank = sketch::nearest_rank(question_.stat.quantile, values.size());
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return {*at, values.size(), {}};
}

Tallies::Value Tallies::at(GroupId group, std::size_t point) const {
  const Tally* tally = find(group, point);
  return tally == nullptr ? Value{} : value_of(*tally, points_.seconds(point));
}

Tallies::Value Tallies::total(GroupId group) const {
  if (points_.size() == 1) return at(group, 0);
  Tally all{question_.exact ? metrics::Cell() : metrics::Cell(question_.needs), {}};
  bool any = false;
  for (std::size_t point = 0; point < points_.size(); ++point) {
    const Tally* tally = find(group, point);
    if (tally == nullptr) continue;
    any = true;
    all.cell.merge(tally->cell);
    all.values.insert(all.values.end(), tally->values.begin(), tally->values.end());
  }
  return any ? value_of(all, points_.seconds()) : Value{};
}

std::uint64_t Tallies::executions(GroupId group) const {
  std::uint64_t executions = 0;
  for (std::size_t point = 0; point < points_.size(); ++point) {
    const Tally* tally = find(group, point);
    if (tally != nullptr) executions += tally->cell.counts.executions;
  }
  return executions;
}

Tallies Tallies::together(const std::vector<GroupId>& groups,
                          const std::vector<std::string_view>& labels) const {
  Tallies sum(question_, points_, *budget_);
  const GroupId only = sum.group(labels);
  for (const GroupId group : groups) {
    for (std::size_t point = 0; point < points_.size(); ++point) {
      const Tally* theirs = find(group, point);
      Tally* mine = theirs == nullptr ? nullptr : sum.find_or_add(only, point);
      if (mine == nullptr) continue;
      mine->cell.merge(theirs->cell);
      mine->values.insert(mine->values.end(), theirs->values.begin(), theirs->values.end());
    }
  }
  return sum;
}

}  // namespace vitals::query
