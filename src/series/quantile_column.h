#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/sketch/quantiles.h>

#include "column.h"

namespace vitals::series {

/// Quantile sketches that have buckets, of many cells. Most buckets follow their neighbour closely
/// and hold few values, so the step to a bucket and its count share one byte, and those bytes
/// compress to two or three bits.
class QuantileColumnWriter {
 public:
  /// `encoded` is what Quantiles::encode() wrote of a sketch that has buckets.
  void add(std::string_view encoded);
  /// Adds the sketch that holds just these values: more than Quantiles::kExactMax, none of them
  /// negative or NaN. False, and nothing added, when they spread over more than one may.
  [[nodiscard]] bool add(std::span<const double> values);
  bool empty() const { return zeros_.empty(); }
  std::size_t raw_bytes() const { return 32 * zeros_.size() + 2 * pairs_.size(); }
  void write(ColumnWriter& writer, std::string& out) const;

 private:
  void add_buckets(ByteReader& in, std::vector<std::uint64_t>& sizes);
  /// A bucket that is not the first of its list.
  void add_pair(std::uint64_t step, std::uint64_t count);

  std::vector<std::uint64_t> zeros_;
  std::vector<std::uint64_t> negatives_, positives_;  ///< buckets of each sign
  std::vector<std::uint64_t> firsts_;                 ///< place of the first of each list
  std::vector<std::uint64_t> first_counts_;
  std::string pairs_;  ///< of the others: step in the low half, count in the high one
  std::vector<std::uint64_t> large_steps_, large_counts_;
  std::vector<std::int32_t> places_;    ///< the buckets of the values being added
  std::vector<std::uint32_t> counted_;  ///< of each bucket from the lowest on
};

/// The sketches read back.
class QuantileColumn {
 public:
  void read(ColumnReader& reader, ByteReader& in, std::size_t sketches);
  bool empty() const { return starts_.empty(); }
  /// Appends the sketch as Quantiles::encode() wrote it.
  void encoded(std::size_t at, std::string& out) const;
  /// Memory for merge(), to be used again.
  using Steps = std::vector<sketch::LogBuckets::Step>;
  /// Merges the sketch, of `count` values, into another. False when it is damaged.
  [[nodiscard]] bool merge(std::size_t at, std::uint64_t count, sketch::Quantiles& into,
                           Steps& steps) const;

 private:
  /// Where a sketch begins in the columns.
  struct Place {
    std::uint32_t list = 0, pair = 0, large_step = 0, large_count = 0;
  };
  bool find_starts();
  void skip_list(std::uint64_t buckets, Place& place) const;
  /// Calls visit(step, count) for each bucket of a list.
  template <class Visit>
  void for_each(std::uint64_t buckets, Place& place, Visit&& visit) const;

  std::vector<std::uint64_t> zeros_, negatives_, positives_;
  std::vector<std::uint64_t> firsts_, first_counts_, large_steps_, large_counts_;
  std::string pairs_;
  std::vector<Place> starts_;
};

}  // namespace vitals::series
