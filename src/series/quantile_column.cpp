#include "quantile_column.h"

#include <algorithm>
#include <limits>

namespace vitals::series {
namespace {

constexpr std::uint64_t kLarge = 15;  // this half of a pair says: see the column of large ones
constexpr std::uint64_t kBucketsMax = 8ULL << 20U;

}  // namespace

void QuantileColumnWriter::add(std::string_view encoded) {
  ByteReader in(encoded);
  zeros_.push_back(in.varint());
  add_buckets(in, negatives_);
  add_buckets(in, positives_);
}

void QuantileColumnWriter::add_buckets(ByteReader& in, std::vector<std::uint64_t>& sizes) {
  const std::uint64_t buckets = in.varint();
  sizes.push_back(buckets);
  if (buckets == 0) return;
  firsts_.push_back(in.varint());
  first_counts_.push_back(in.varint());
  for (std::uint64_t i = 1; i < buckets; ++i) {
    const std::uint64_t step = in.varint();
    add_pair(step, in.varint());
  }
}

void QuantileColumnWriter::add_pair(std::uint64_t step, std::uint64_t count) {
  const auto half = [](std::uint64_t number, std::vector<std::uint64_t>& large) -> std::uint64_t {
    if (number <= kLarge) return number - 1;
    large.push_back(number - 1 - kLarge);
    return kLarge;
  };
  const std::uint64_t low = half(step, large_steps_);
  pairs_ += static_cast<char>(low | half(count, large_counts_) << 4U);
}

bool QuantileColumnWriter::add(std::span<const double> values) {
  using sketch::LogBuckets;
  places_.clear();
  for (const double value : values) {
    if (value > 0) {
      places_.push_back(LogBuckets::bucket_of(std::min(value, std::numeric_limits<double>::max())));
    }
  }
  zeros_.push_back(values.size() - places_.size());
  negatives_.push_back(0);
  if (places_.empty()) {
    positives_.push_back(0);
    return true;
  }
  const auto [lowest, highest] = std::minmax_element(places_.begin(), places_.end());
  if (*highest - *lowest > LogBuckets::kSpreadKept) {
    zeros_.pop_back();
    negatives_.pop_back();
    return false;
  }
  const std::int32_t first = *lowest;
  counted_.assign(static_cast<std::size_t>(*highest - first) + 1, 0);
  for (const std::int32_t place : places_) ++counted_[static_cast<std::size_t>(place - first)];
  firsts_.push_back(static_cast<std::uint64_t>(first - LogBuckets::kBucketMin));
  first_counts_.push_back(counted_[0]);
  std::uint64_t buckets = 1;
  std::size_t before = 0;
  for (std::size_t at = 1; at < counted_.size(); ++at) {
    if (counted_[at] == 0) continue;
    add_pair(at - before, counted_[at]);
    before = at;
    ++buckets;
  }
  positives_.push_back(buckets);
  return true;
}

void QuantileColumnWriter::write(ColumnWriter& writer, std::string& out) const {
  writer.integers(out, zeros_);
  writer.integers(out, negatives_);
  writer.integers(out, positives_);
  writer.integers(out, firsts_);
  writer.integers(out, first_counts_);
  writer.block(out, pairs_);
  put_varint(out, large_steps_.size());
  writer.integers(out, large_steps_);
  put_varint(out, large_counts_.size());
  writer.integers(out, large_counts_);
}

void QuantileColumn::read(ColumnReader& reader, ByteReader& in, std::size_t sketches) {
  reader.integers(in, sketches, zeros_);
  reader.integers(in, sketches, negatives_);
  reader.integers(in, sketches, positives_);
  std::uint64_t buckets = 0, lists = 0;
  for (const auto* sizes : {&negatives_, &positives_}) {
    for (const std::uint64_t size : *sizes) {
      if (size > kBucketsMax - buckets) return in.fail();
      buckets += size;
      lists += size > 0 ? 1 : 0;
    }
  }
  reader.integers(in, lists, firsts_);
  reader.integers(in, lists, first_counts_);
  reader.block(in, buckets - lists, pairs_);
  for (auto* large : {&large_steps_, &large_counts_}) {
    const std::uint64_t count = in.varint();
    if (count > buckets) return in.fail();
    reader.integers(in, count, *large);
  }
  if (!find_starts()) in.fail();
}

/// False when the pairs ask for other large numbers than there are.
bool QuantileColumn::find_starts() {
  Place place;
  starts_.reserve(zeros_.size());
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    starts_.push_back(place);
    skip_list(negatives_[i], place);
    skip_list(positives_[i], place);
  }
  return place.large_step == large_steps_.size() && place.large_count == large_counts_.size();
}

void QuantileColumn::skip_list(std::uint64_t buckets, Place& place) const {
  if (buckets == 0) return;
  ++place.list;
  for (std::uint64_t i = 1; i < buckets; ++i) {
    const auto pair = static_cast<unsigned char>(pairs_[place.pair++]);
    place.large_step += (pair & 15U) == kLarge ? 1 : 0;
    place.large_count += pair >> 4U == kLarge ? 1 : 0;
  }
}

template <class Visit>
void QuantileColumn::for_each(std::uint64_t buckets, Place& place, Visit&& visit) const {
  if (buckets == 0) return;
  visit(firsts_[place.list], first_counts_[place.list]);
  ++place.list;
  for (std::uint64_t i = 1; i < buckets; ++i) {
    const auto pair = static_cast<unsigned char>(pairs_[place.pair++]);
    const std::uint64_t step = pair & 15U, count = pair >> 4U;
    visit(1 + (step == kLarge ? kLarge + large_steps_[place.large_step++] : step),
          1 + (count == kLarge ? kLarge + large_counts_[place.large_count++] : count));
  }
}

void QuantileColumn::encoded(std::size_t at, std::string& out) const {
  Place place = starts_[at];
  put_varint(out, zeros_[at]);
  for (const std::uint64_t buckets : {negatives_[at], positives_[at]}) {
    put_varint(out, buckets);
    for_each(buckets, place, [&](std::uint64_t step, std::uint64_t count) {
      put_varint(out, step);
      put_varint(out, count);
    });
  }
}

bool QuantileColumn::merge(std::size_t at, std::uint64_t count, sketch::Quantiles& into,
                           Steps& steps) const {
  steps.clear();
  Place place = starts_[at];
  std::uint64_t total = zeros_[at];
  for (const std::uint64_t buckets : {negatives_[at], positives_[at]}) {
    for_each(buckets, place, [&](std::uint64_t step, std::uint64_t held) {
      steps.push_back({step, held});
      total += held;
    });
  }
  const std::span<const sketch::LogBuckets::Step> all(steps);
  return total == count && count > sketch::Quantiles::kExactMax &&
         into.merge(zeros_[at], all.first(negatives_[at]), all.subspan(negatives_[at]));
}

}  // namespace vitals::series
