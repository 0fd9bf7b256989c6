#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/metrics/measure.h>
#include <vitals/model/batch.h>
#include <vitals/sketch/distinct.h>
#include <vitals/sketch/moments.h>
#include <vitals/sketch/quantiles.h>

namespace vitals::metrics {

/// What a cell must carry to answer a question. Merging two needs gives what serves both.
struct Needs {
  std::uint32_t moments = 0;   ///< bit index(Measure)
  std::uint32_t sketches = 0;  ///< bit index(Measure); implies nothing about moments
  bool users = false;
  bool sessions = false;
  bool error_types = false;

  static Needs everything();
  void add_moments(Measure measure) { moments |= 1U << index(measure); }
  void add_sketch(Measure measure) { sketches |= 1U << index(measure); }
  void merge(const Needs& other);
  bool covers(const Needs& other) const;
  bool operator==(const Needs&) const = default;
};

/// The log columns that filling a cell with these needs reads.
model::ColumnSet columns_for(const Needs& needs);

/// Exact counts; always carried.
struct Counts {
  std::uint64_t executions = 0;
  std::uint64_t successes = 0;
  std::uint64_t errors = 0;
  std::uint64_t detected = 0, detected_known = 0;    ///< among errors
  std::uint64_t recovered = 0, recovered_known = 0;  ///< among errors
  std::uint64_t degraded = 0, degraded_known = 0;    ///< among errors not recovered

  void add(model::Outcome outcome);
  void merge(const Counts& other);
  bool operator==(const Counts&) const = default;
};

/// Mergeable summary of any set of executions: associative and commutative merge, default value as
/// identity. Carries what its needs say and nothing more. A plain value.
class Cell {
 public:
  static constexpr std::size_t kErrorTypesMax = 64;
  static constexpr std::string_view kOtherErrors = "__other__";

  Cell() = default;
  explicit Cell(const Needs& needs);

  /// Adds rows of a batch (its user, session and error.type columns only if needed).
  void add(const MeasuredBatch& batch, std::span<const std::uint32_t> rows);
  /// Afterwards carries what both carried: a part that one of them lacks is not known of the union
  /// and is dropped. An empty cell without needs, the default, is the identity.
  void merge(const Cell& other);

  const Needs& needs() const { return needs_; }
  Counts counts;

  /// Null when not carried.
  const sketch::Moments* moments(Measure measure) const {
    return slot(needs_.moments, measure, moments_);
  }
  const sketch::Quantiles* sketch(Measure measure) const {
    return slot(needs_.sketches, measure, sketches_);
  }
  const sketch::Distinct* users() const { return needs_.users ? &users_ : nullptr; }
  const sketch::Distinct* sessions() const { return needs_.sessions ? &sessions_ : nullptr; }
  /// error.type of errors and count, sorted by type: the first kErrorTypesMax types in alphabetical
  /// order, whatever the order of arrival, and all others together under kOtherErrors.
  const std::vector<std::pair<std::string, std::uint64_t>>& error_types() const {
    return error_types_;
  }

  /// For codecs, that rebuild a cell from its stored parts. Null when not carried.
  sketch::Moments* moments(Measure measure) { return slot(needs_.moments, measure, moments_); }
  sketch::Quantiles* sketch(Measure measure) { return slot(needs_.sketches, measure, sketches_); }
  sketch::Distinct& mutable_users() { return users_; }
  sketch::Distinct& mutable_sessions() { return sessions_; }
  void add_error_type(std::string_view type, std::uint64_t count);

 private:
  /// Parts lie densely in the order of their bits.
  template <class Parts>
  static auto slot(std::uint32_t mask, Measure measure, Parts& parts) -> decltype(parts.data()) {
    const std::uint32_t bit = 1U << index(measure);
    if ((mask & bit) == 0) return nullptr;
    return parts.data() + std::popcount(mask & (bit - 1));
  }

  Needs needs_;
  void add_executions(const MeasuredBatch& measured, std::span<const std::uint32_t> rows);
  void add_measure(Measure measure, const std::vector<double>& column,
                   std::span<const std::uint32_t> rows);
  void add_error_types(const model::ExecutionBatch& batch, std::span<const std::uint32_t> rows);

  std::vector<sketch::Moments> moments_;
  std::vector<sketch::Quantiles> sketches_;
  sketch::Distinct users_;
  sketch::Distinct sessions_;
  std::vector<std::pair<std::string, std::uint64_t>> error_types_;
};

}  // namespace vitals::metrics
