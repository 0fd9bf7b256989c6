#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::sketch {

/// Counts of positive numbers in logarithmic buckets, all of one relative width: bucket i holds
/// [e^(i·w), e^((i+1)·w)) and stands for its geometric middle, which is within 1 % of each of them.
/// The mapping is that of DDSketch (Masson, Rim, Lee, VLDB 2019). Buckets lie in pages of
/// neighbours: numbers of one kind fill few pages, far-off ones cost a page each. Beyond kPagesMax
/// the lowest pages are collapsed, so what is kept depends only on what was added, never on the
/// order. A plain value.
class LogBuckets {
 public:
  static constexpr double kWidth = 0.0199;  ///< e^(w/2) = 1.00999… < 1.01
  static constexpr std::size_t kPageBuckets = 16;
  static constexpr std::size_t kPagesMax = 128;

  /// `magnitude` is finite and above 0.
  void add(double magnitude, std::uint64_t count = 1);
  void merge(const LogBuckets& other);

  std::uint64_t count() const { return count_; }
  /// The number at this rank, the smallest being rank 1; 1 ≤ rank ≤ count().
  double at_rank(std::uint64_t rank) const;

  /// Appends a self-delimiting form; decode() takes it from the front of `in`.
  void encode(std::string& out) const;
  static Result<LogBuckets> decode(std::string_view& in);

  bool operator==(const LogBuckets&) const = default;

 private:
  struct Page {
    std::int32_t first;  ///< its lowest bucket, a multiple of kPageBuckets
    std::array<std::uint64_t, kPageBuckets> counts{};
    bool operator==(const Page&) const = default;
  };

  void add_bucket(std::int32_t bucket, std::uint64_t count);
  Page& page(std::int32_t first);
  void collapse();

  std::vector<Page> pages_;  ///< sorted by first
  std::uint64_t count_ = 0;
};

}  // namespace vitals::sketch
