#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::sketch {

/// Quantiles of a stream with relative error ≤ 1 % of the value at the nearest rank: DDSketch
/// (Masson, Rim, Lee, VLDB 2019) with logarithmic buckets; up to kExactMax values are kept as they
/// are, so small sketches are exact. Negative values, zeros and the whole range of doubles are
/// taken; buckets are collapsed at the low end beyond kBucketsMax. Merging is associative and
/// commutative in its answers within the error bound. A plain value.
class Quantiles {
 public:
  static constexpr std::size_t kExactMax = 24;
  static constexpr std::size_t kBucketsMax = 2048;

  void add(double value);
  void merge(const Quantiles& other);
  std::uint64_t count() const;
  bool exact() const;  ///< still keeps values
  /// Value at nearest rank ⌈q·n⌉ (q in [0, 1], at least rank 1). Meaningless when empty.
  double quantile(double q) const;

  /// The kept values while exact().
  const std::vector<double>& values() const { return values_; }

  /// Appends a self-delimiting form; decode() takes it from the front of `in`.
  void encode(std::string& out) const;
  static Result<Quantiles> decode(std::string_view& in);

  bool operator==(const Quantiles&) const = default;

 private:
  struct Bucket {
    std::int32_t index;  ///< sorted
    std::uint64_t count;
    bool operator==(const Bucket&) const = default;
  };
  std::vector<double> values_;  ///< unsorted, while exact
  std::vector<Bucket> positive_;
  std::vector<Bucket> negative_;  ///< by magnitude
  std::uint64_t zeros_ = 0;
};

}  // namespace vitals::sketch
