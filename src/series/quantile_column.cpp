#include "quantile_column.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kBucketsForm = 0x20;  // docs/formats/sketches.md
constexpr std::uint64_t kLarge = 15;  // this half of a pair says: see the column of large ones
constexpr std::uint64_t kBucketsMax = 8ULL << 20U;

struct Columns {
  std::vector<std::uint64_t> firsts, first_counts, large_steps, large_counts;
  std::string pairs;
};

/// Writes the lists of buckets of one sketch after the other, as their encoded form has them.
class BucketLists {
 public:
  explicit BucketLists(const Columns& columns) : columns_(columns) {}

  bool append(std::uint64_t buckets, std::string& out) {
    put_varint(out, buckets);
    if (buckets == 0) return true;
    put_varint(out, columns_.firsts[list_]);
    put_varint(out, columns_.first_counts[list_++]);
    for (std::uint64_t i = 1; i < buckets; ++i) {
      const auto pair = static_cast<unsigned char>(columns_.pairs[pair_++]);
      if (!append_half(pair & 15U, columns_.large_steps, step_, out)) return false;
      if (!append_half(pair >> 4U, columns_.large_counts, count_, out)) return false;
    }
    return true;
  }

 private:
  static bool append_half(std::uint64_t half, const std::vector<std::uint64_t>& large,
                          std::size_t& at, std::string& out) {
    if (half == kLarge && at == large.size()) return false;
    put_varint(out, 1 + (half == kLarge ? kLarge + large[at++] : half));
    return true;
  }

  const Columns& columns_;
  std::size_t list_ = 0, pair_ = 0, step_ = 0, count_ = 0;
};

}  // namespace

void QuantileColumnWriter::add(std::string_view encoded) {
  ByteReader in(encoded);
  in.byte();  // kBucketsForm
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
  const auto half = [](std::uint64_t number, std::vector<std::uint64_t>& large) -> std::uint64_t {
    if (number <= kLarge) return number - 1;
    large.push_back(number - 1 - kLarge);
    return kLarge;
  };
  for (std::uint64_t i = 1; i < buckets; ++i) {
    const std::uint64_t step = half(in.varint(), large_steps_);
    const std::uint64_t count = half(in.varint(), large_counts_);
    pairs_ += static_cast<char>(step | count << 4U);
  }
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
  std::vector<std::uint64_t> zeros, negatives, positives;
  reader.integers(in, sketches, zeros);
  reader.integers(in, sketches, negatives);
  reader.integers(in, sketches, positives);
  std::uint64_t buckets = 0, lists = 0;
  for (const auto& sizes : {negatives, positives}) {
    for (const std::uint64_t size : sizes) {
      if (size > kBucketsMax - buckets) return in.fail();
      buckets += size;
      lists += size > 0 ? 1 : 0;
    }
  }
  Columns columns;
  reader.integers(in, lists, columns.firsts);
  reader.integers(in, lists, columns.first_counts);
  reader.block(in, buckets - lists, columns.pairs);
  for (auto* large : {&columns.large_steps, &columns.large_counts}) {
    const std::uint64_t count = in.varint();
    if (count > buckets) return in.fail();
    reader.integers(in, count, *large);
  }
  BucketLists lists_of(columns);
  for (std::size_t i = 0; i < sketches; ++i) {
    bytes_ += static_cast<char>(kBucketsForm);
    put_varint(bytes_, zeros[i]);
    if (!lists_of.append(negatives[i], bytes_) || !lists_of.append(positives[i], bytes_)) {
      return in.fail();
    }
    ends_.push_back(bytes_.size());
  }
}

}  // namespace vitals::series
