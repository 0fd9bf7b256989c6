#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <vitals/metrics/cell.h>

namespace vitals::metrics {
namespace {

using model::Label;
using model::Outcome;
using model::Tri;

/// Calls visit(measure) for every bit of a mask, lowest first.
template <class Visit>
void for_each_measure(std::uint32_t mask, Visit&& visit) {
  for (; mask != 0; mask &= mask - 1) visit(static_cast<Measure>(std::countr_zero(mask)));
}

void add_hashes(sketch::Distinct& sketch, const std::vector<std::uint64_t>& hashes,
                const std::vector<std::uint32_t>& codes, std::span<const std::uint32_t> rows) {
  if (codes.empty()) return;
  for (const std::uint32_t row : rows) {
    const std::uint32_t code = codes[row];
    if (code != model::Dictionary::kAbsentCode) sketch.add(hashes[code]);
  }
}

/// Drops from `parts` those of the bits in `mask` that are not in `kept`.
template <class Parts>
void keep(Parts& parts, std::uint32_t mask, std::uint32_t kept) {
  if (mask == kept) return;
  Parts left;
  std::size_t at = 0;
  for_each_measure(mask, [&](Measure measure) {
    if (((kept >> index(measure)) & 1U) != 0) left.push_back(std::move(parts[at]));
    ++at;
  });
  parts = std::move(left);
}

Needs common(const Needs& a, const Needs& b) {
  Needs both;
  both.moments = a.moments & b.moments;
  both.sketches = a.sketches & b.sketches;
  both.users = a.users && b.users;
  both.sessions = a.sessions && b.sessions;
  both.error_types = a.error_types && b.error_types;
  return both;
}

}  // namespace

void Counts::add(Outcome outcome) {
  ++executions;
  successes += outcome.success == Tri::yes ? 1 : 0;
  if (outcome.success != Tri::no) return;
  ++errors;
  const auto count = [](Tri tri, std::uint64_t& yes, std::uint64_t& known) {
    yes += tri == Tri::yes ? 1 : 0;
    known += tri != Tri::unknown ? 1 : 0;
  };
  count(outcome.detected, detected, detected_known);
  count(outcome.recovered, recovered, recovered_known);
  if (outcome.recovered != Tri::yes) count(outcome.degraded, degraded, degraded_known);
}

void Counts::merge(const Counts& other) {
  executions += other.executions;
  successes += other.successes;
  errors += other.errors;
  detected += other.detected;
  detected_known += other.detected_known;
  recovered += other.recovered;
  recovered_known += other.recovered_known;
  degraded += other.degraded;
  degraded_known += other.degraded_known;
}

Cell::Cell(const Needs& needs)
    : needs_(needs),
      moments_(static_cast<std::size_t>(std::popcount(needs.moments))),
      sketches_(static_cast<std::size_t>(std::popcount(needs.sketches))) {}

void Cell::add(const MeasuredBatch& measured, std::span<const std::uint32_t> rows) {
  const model::ExecutionBatch& batch = measured.batch();
  if (batch.kinds.empty()) {
    add_executions(measured, rows);
  } else {
    std::vector<std::uint32_t> executions;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(executions),
                 [&batch](std::uint32_t row) { return batch.is_execution(row); });
    add_executions(measured, executions);
  }
  for_each_measure(needs_.moments | needs_.sketches, [&](Measure measure) {
    const std::vector<double>& column = measured.column(measure);
    if (!column.empty()) add_measure(measure, column, rows);
  });
}

/// What only executions count in.
void Cell::add_executions(const MeasuredBatch& measured, std::span<const std::uint32_t> rows) {
  const model::ExecutionBatch& batch = measured.batch();
  if (batch.outcome.empty()) {
    counts.executions += rows.size();
  } else {
    for (const std::uint32_t row : rows) counts.add(batch.outcome_at(row));
  }
  if (needs_.users) add_hashes(users_, measured.user_hashes(), batch[Label::user].codes, rows);
  if (needs_.sessions) {
    add_hashes(sessions_, measured.session_hashes(), batch[Label::session].codes, rows);
  }
  if (needs_.error_types) add_error_types(batch, rows);
}

void Cell::add_measure(Measure measure, const std::vector<double>& column,
                       std::span<const std::uint32_t> rows) {
  // Gathers what is present into a buffer that stays in the first-level cache.
  std::array<double, 512> present;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  while (!rows.empty()) {
    const std::size_t taken = std::min(rows.size(), present.size());
    std::size_t count = 0;
    for (const std::uint32_t row : rows.first(taken)) {
      present[count] = column[row];
      count += std::isnan(column[row]) ? 0 : 1;
    }
    rows = rows.subspan(taken);
    const std::span<const double> values(present.data(), count);
    if (sketch::Moments* part = moments(measure)) part->add(values);
    if (sketch::Quantiles* part = sketch(measure)) part->add(values);
  }
}

void Cell::add_error_types(const model::ExecutionBatch& batch,
                           std::span<const std::uint32_t> rows) {
  const model::SymbolColumn& types = batch[Label::error_type];
  if (types.codes.empty() || batch.outcome.empty()) return;
  for (const std::uint32_t row : rows) {
    const std::uint32_t code = types.codes[row];
    if (code != model::Dictionary::kAbsentCode && batch.outcome_at(row).success == Tri::no) {
      add_error_type(types.dictionary.at(code), 1);
    }
  }
}

void Cell::add_error_type(std::string_view type, std::uint64_t count) {
  const auto place = [this](std::string_view wanted) {
    return std::lower_bound(error_types_.begin(), error_types_.end(), wanted,
                            [](const auto& entry, std::string_view t) { return entry.first < t; });
  };
  const auto at = place(type);
  if (at != error_types_.end() && at->first == type) {
    at->second += count;
    return;
  }
  error_types_.emplace(at, type, count);
  const auto other = place(kOtherErrors);
  const bool has_other = other != error_types_.end() && other->first == kOtherErrors;
  if (error_types_.size() <= kErrorTypesMax + (has_other ? 1 : 0)) return;
  auto last = error_types_.end() - 1;
  if (last->first == kOtherErrors) --last;
  const std::uint64_t moved = last->second;
  error_types_.erase(last);
  add_error_type(kOtherErrors, moved);
}

void Cell::merge(const Cell& other) {
  const auto is_identity = [](const Cell& cell) {
    return cell.needs_ == Needs{} && cell.counts == Counts{};
  };
  if (is_identity(other)) return;
  if (is_identity(*this)) {
    *this = other;
    return;
  }
  const Needs both = common(needs_, other.needs_);
  keep(moments_, needs_.moments, both.moments);
  keep(sketches_, needs_.sketches, both.sketches);
  if (!both.users) users_ = {};
  if (!both.sessions) sessions_ = {};
  if (!both.error_types) error_types_.clear();
  needs_ = both;

  counts.merge(other.counts);
  for_each_measure(both.moments, [&](Measure m) { moments(m)->merge(*other.moments(m)); });
  for_each_measure(both.sketches, [&](Measure m) { sketch(m)->merge(*other.sketch(m)); });
  if (both.users) users_.merge(other.users_);
  if (both.sessions) sessions_.merge(other.sessions_);
  if (both.error_types) {
    for (const auto& [type, count] : other.error_types_) add_error_type(type, count);
  }
}

}  // namespace vitals::metrics
