#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::sketch {

/// Counts of positive numbers in logarithmic buckets, all of one relative width: bucket i holds
/// [e^(i·w), e^((i+1)·w)) and stands for its geometric middle, which is within 1 % of each of them
/// (the logarithmic mapping of DDSketch; Masson, Rim, Lee, VLDB 2019). The counts lie in one window
/// from the lowest to the highest number. Were it wider than kBucketsMax, a range of 10^35, what
/// lies below is counted in its lowest bucket. What is kept depends only on what was added, never
/// on the order. A plain value.
class LogBuckets {
 public:
  static constexpr double kWidth = 0.0199;  ///< e^(w/2) = 1.00999… < 1.01
  static constexpr std::int32_t kBucketsMax = 4096;

  /// Numbers of buckets lie between these: e^(w·kBucketMin) is below 2^-1074, the smallest double.
  static constexpr std::int32_t kBucketMin = -37'500;
  static constexpr std::int32_t kBucketMax = 35'700;
  /// The window grows in such steps; a power of two.
  static constexpr std::int32_t kStep = 16;
  /// Buckets that are no farther apart are never collapsed.
  static constexpr std::int32_t kSpreadKept = kBucketsMax - 2 * kStep;

  /// `magnitude` is finite and above 0, here and below.
  static std::int32_t bucket_of(double magnitude) {
    const double place = std::log(magnitude) * (1 / kWidth);
    const auto whole = static_cast<std::int32_t>(place);
    return whole - (place < whole ? 1 : 0);  // floor, without a library call
  }
  void add(double magnitude) { add_bucket(bucket_of(magnitude), 1); }
  /// Makes room for numbers from `low` to `high`, which will be added: saves growing step by step.
  void expect(double low, double high) { cover(bucket_of(low), bucket_of(high)); }
  void merge(const LogBuckets& other);

  /// A bucket that holds something, told by its distance from the one before; of the first, from
  /// where the smallest number would fall.
  struct Step {
    std::uint64_t distance;
    std::uint64_t count;
  };
  /// Adds buckets, ascending. False, and nothing added, when encode() would write no such thing.
  [[nodiscard]] bool add(std::span<const Step> steps);

  std::uint64_t count() const { return count_; }
  /// The number at this rank, the smallest being rank 1; 1 ≤ rank ≤ count().
  double at_rank(std::uint64_t rank) const;

  /// Appends a self-delimiting form (docs/formats/sketches.md); decode() takes it from the front of
  /// `in`. Errors: corruption.
  void encode(std::string& out) const;
  static Result<LogBuckets> decode(std::string_view& in);

  bool operator==(const LogBuckets&) const = default;

 private:
  void add_bucket(std::int32_t bucket, std::uint64_t count) {
    auto slot = static_cast<std::uint32_t>(bucket - first_);  // huge below the window
    if (slot >= counts_.size()) slot = slot_outside(bucket);
    counts_[slot] += count;
    count_ += count;
  }

  std::uint32_t slot_outside(std::int32_t bucket);
  void cover(std::int32_t lowest, std::int32_t highest);
  std::int32_t end() const { return first_ + static_cast<std::int32_t>(counts_.size()); }

  std::int32_t first_ = 0;  ///< bucket of counts_[0]
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
};

}  // namespace vitals::sketch
