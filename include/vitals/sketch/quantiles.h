#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/sketch/log_buckets.h>

namespace vitals::sketch {

/// The rank ⌈q·n⌉ that a quantile of n values asks for, at least 1 and at most n; q in [0, 1]. A
/// product that is a whole number but for rounding (0.07·100) is that number.
std::uint64_t nearest_rank(double q, std::uint64_t n);

/// Quantiles of a stream with relative error ≤ 1 % of the value at the nearest rank: DDSketch
/// (Masson, Rim, Lee, VLDB 2019) with logarithmic buckets; up to kExactMax values are kept as they
/// are, so small sketches are exact. Negative values, zeros and the whole range of doubles are
/// taken. Of each sign a range of 10^35 is resolved; what is nearer to zero is collapsed. Merging
/// is associative and commutative, exactly. A plain value.
class Quantiles {
 public:
  static constexpr std::size_t kExactMax = 24;

  /// NaN is no value and is ignored; an infinite value counts as the largest finite one.
  void add(double value);
  void add(std::span<const double> values);
  void merge(const Quantiles& other);
  /// Merges a sketch that is not exact(), told by its buckets. False, and nothing certain of this
  /// one any more, when no sketch has those.
  [[nodiscard]] bool merge(std::uint64_t zeros, std::span<const LogBuckets::Step> negative,
                           std::span<const LogBuckets::Step> positive);
  std::uint64_t count() const;
  bool exact() const { return (zeros_ | positive_.count() | negative_.count()) == 0; }
  /// Value at nearest_rank(q, count()). Meaningless when empty.
  double quantile(double q) const;

  /// The kept values while exact(), ascending.
  const std::vector<double>& values() const { return values_; }

  /// Of a sketch that is not exact(): appends its buckets in a self-delimiting form
  /// (docs/formats/sketches.md); decode() takes it from the front of `in`. Errors: corruption, also
  /// for numbers that no sketch would write.
  void encode(std::string& out) const;
  static Result<Quantiles> decode(std::string_view& in);

  bool operator==(const Quantiles&) const = default;

 private:
  void keep(std::span<const double> values);
  void add_to_buckets(double value);
  void leave_exact();

  std::vector<double> values_;  ///< ascending, while exact
  LogBuckets positive_;
  LogBuckets negative_;  ///< by magnitude
  std::uint64_t zeros_ = 0;
};

}  // namespace vitals::sketch
