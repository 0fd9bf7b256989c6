#include "chunk_keys.h"

#include <algorithm>
#include <limits>

namespace vitals::series {
namespace {

constexpr std::size_t kCellsInChunkMax = 65'536;

std::uint64_t sum(const PackedColumn& column, std::size_t first, std::size_t end) {
  std::uint64_t all = 0;
  column.with([&](auto at) {
    for (std::size_t row = first; row < end; ++row) all += at(row);
  });
  return all;
}

}  // namespace

void ChunkKeys::read(ByteReader& in, ColumnReader& reader) {
  const std::uint8_t resolution = in.byte(), fullness = in.byte();
  const std::uint64_t rows = in.varint();
  first_ = unzigzag(in.varint());
  ByteReader keys(in.text());
  if (resolution >= kResolutions.size() || fullness > 1 || rows > kCellsInChunkMax)
    return in.fail();
  resolution_ = static_cast<Resolution>(resolution);
  fullness_ = static_cast<Fullness>(fullness);
  length_ = length_ms(resolution_);
  PackedColumn steps;
  reader.packed(keys, rows, steps);
  if (!keys.ok() || !read_series(steps, rows)) return in.fail();
  reader.packed(keys, rows, steps);
  if (!keys.ok() || !read_buckets(steps)) return in.fail();
  reader.packed(keys, rows, executions_);
  for (PackedColumn& column : counts_) reader.packed(keys, rows, column);
  if (!keys.ok() || !keys.at_end()) in.fail();
}

void ChunkKeys::skip(ByteReader& in) {
  in.byte(), in.byte();
  in.varint(), in.varint();
  in.text();
}

bool ChunkKeys::read_series(const PackedColumn& steps, std::size_t rows) {
  series_.resize(rows);
  std::uint64_t id = 0, all = 0;
  steps.with([&](auto at) {
    for (std::size_t row = 0; row < rows; ++row) {
      all |= at(row) | (id += at(row));
      series_[row] = static_cast<SeriesId>(id);
    }
  });
  return all < std::numeric_limits<SeriesId>::max();
}

bool ChunkKeys::read_buckets(const PackedColumn& steps) {
  constexpr std::int64_t kBucketsMax = 1LL << 32U;
  if (first_ > kBucketsMax || first_ < -kBucketsMax) return false;
  buckets_.resize(series_.size());
  std::uint64_t bucket = 0, all = 0;
  steps.with([&](auto at) {
    for (std::size_t row = 0; row < buckets_.size(); ++row) {
      const bool again = row > 0 && series_[row] == series_[row - 1];
      bucket = (again ? bucket : 0) + at(row);
      all |= bucket | at(row);
      buckets_[row] = static_cast<std::uint32_t>(bucket);
    }
  });
  return all < kBucketsMax;
}

void ChunkKeys::executions(std::vector<std::uint64_t>& out) const {
  out.resize(cells());
  executions_.with([&](auto at) {
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = at(row);
  });
}

void ChunkKeys::add_counts(std::size_t first, std::size_t end, metrics::Counts& to) const {
  to.executions += sum(executions_, first, end);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!counts_[i].zero()) to.*kCountFields[i] += sum(counts_[i], first, end);
  }
}

std::size_t ChunkKeys::find(std::size_t row, SeriesId series) const {
  std::size_t step = 1;
  while (row + step < cells() && series_[row + step - 1] < series) {
    row += step;
    step *= 2;
  }
  const auto begin = series_.begin() + static_cast<std::ptrdiff_t>(row);
  const auto end = series_.begin() + static_cast<std::ptrdiff_t>(std::min(row + step, cells()));
  return static_cast<std::size_t>(std::lower_bound(begin, end, series) - series_.begin());
}

std::size_t ChunkKeys::find_time(std::size_t row, std::size_t end, TimeMs time) const {
  while (row < end && bucket(row) < time) ++row;
  return row;
}

std::size_t ChunkKeys::bytes() const {
  std::size_t all = sizeof *this + series_.size() * sizeof(SeriesId) +
                    buckets_.size() * sizeof(std::uint32_t) + executions_.bytes();
  for (const PackedColumn& column : counts_) all += column.bytes();
  return all;
}

}  // namespace vitals::series
