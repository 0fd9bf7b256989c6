#include "cell_chunk.h"

#include <algorithm>
#include <limits>

#include <vitals/base/hash.h>

namespace vitals::series {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kHeadBytes = 1 + kChecksumBytes;

constexpr std::size_t kCellsFull = 32'768;      // a chunk of so many cells, or of
constexpr std::size_t kBytesFull = 12U << 20U;  // so many bytes before compression, is finished

/// Sections; of measure m, moments are kFirstMeasure + 2m and sketches the number after.
enum Section : std::uint8_t { kUsers = 1, kSessions = 2, kErrorTypes = 3, kFirstMeasure = 16 };

bool is_derived(std::size_t measure) { return measure >= model::kNumberCount; }

std::uint64_t checksum(std::string_view bytes) {
  return hash64(bytes.substr(kHeadBytes), bytes[0]);
}

Error damaged(std::string_view what) {
  return {Errc::corruption, "a chunk of cells is damaged: " + std::string(what)};
}

}  // namespace

void seal_chunk(std::string& bytes) {
  if (bytes.size() < kHeadBytes) return;
  const std::uint64_t sum = checksum(bytes);
  for (std::size_t i = 0; i < kChecksumBytes; ++i) {
    bytes[1 + i] = static_cast<char>(sum >> (8 * i));
  }
}

ChunkEncoder::ChunkEncoder(Resolution resolution, Fullness fullness) : resolution_(resolution) {
  summary_.fullness = fullness;
}

bool ChunkEncoder::full() const {
  return series_.size() >= kCellsFull || (series_.size() % 64 == 0 && raw_bytes() >= kBytesFull);
}

std::size_t ChunkEncoder::raw_bytes() const {
  std::size_t bytes =
      users_.raw_bytes() + sessions_.raw_bytes() + error_types_.raw_bytes() +
      series_.size() * (sizeof(SeriesId) + sizeof(TimeMs) + sizeof(metrics::Counts));
  for (const auto& column : measures_) bytes += column == nullptr ? 0 : column->raw_bytes();
  return bytes;
}

MeasureColumnWriter& ChunkEncoder::measure(std::size_t m) {
  if (measures_[m] == nullptr) measures_[m] = std::make_unique<MeasureColumnWriter>();
  return *measures_[m];
}

void ChunkEncoder::add_key(SeriesId series, TimeMs bucket, const metrics::Counts& counts) {
  if (series_.empty()) {
    summary_.first_series = series;
    summary_.first_bucket = summary_.last_bucket = bucket;
  }
  summary_.last_series = series;
  summary_.first_bucket = std::min(summary_.first_bucket, bucket);
  summary_.last_bucket = std::max(summary_.last_bucket, bucket);
  ++summary_.cells;
  series_.push_back(series);
  buckets_.push_back(bucket);
  counts_.push_back(counts);
}

void ChunkEncoder::add(SeriesId series, TimeMs bucket, const metrics::Cell& cell) {
  const std::size_t row = series_.size();
  const std::uint64_t executions = cell.counts.executions;
  const bool full = summary_.fullness == Fullness::full;
  add_key(series, bucket, cell.counts);
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    const auto measure = static_cast<metrics::Measure>(m);
    const sketch::Moments* moments = cell.moments(measure);
    if (moments == nullptr || moments->count == 0) continue;
    this->measure(m).add(row, executions, *moments, full ? cell.sketch(measure) : nullptr);
  }
  if (full) {
    if (cell.users() != nullptr) users_.add(row, *cell.users());
    if (cell.sessions() != nullptr) sessions_.add(row, *cell.sessions());
    error_types_.add(row, cell.error_types());
  }
}

void ChunkEncoder::copy(const ChunkDecoder& from, std::size_t from_row) {
  const std::size_t row = series_.size();
  metrics::Counts counts;
  from.keys_->add_counts(from_row, from_row + 1, counts);
  add_key(from.series(from_row), from.bucket(from_row), counts);
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    if (from.measures_[m] == nullptr) continue;
    from.measures_[m]->copy(from_row, counts.executions, measure(m), row);
  }
  from.users_.copy(from_row, users_, row);
  from.sessions_.copy(from_row, sessions_, row);
  error_types_.add(row, from.error_types_.get(from_row));
}

void ChunkEncoder::write_keys(ColumnWriter& writer, std::string& out) const {
  const DurationMs length = length_ms(resolution_);
  std::vector<std::uint64_t> series, buckets, column;
  for (std::size_t row = 0; row < series_.size(); ++row) {
    const bool again = row > 0 && series_[row] == series_[row - 1];
    const TimeMs before = again ? buckets_[row - 1] : summary_.first_bucket;
    series.push_back(series_[row] - (row == 0 ? 0 : series_[row - 1]));
    buckets.push_back(static_cast<std::uint64_t>((buckets_[row] - before) / length));
  }
  writer.integers(out, series);
  writer.integers(out, buckets);
  for (const metrics::Counts& counts : counts_) column.push_back(counts.executions);
  writer.integers(out, column);
  for (const CountField field : kCountFields) {
    column.clear();
    for (const metrics::Counts& counts : counts_) column.push_back(counts.*field);
    writer.integers(out, column);
  }
}

std::string ChunkEncoder::finish(ColumnWriter& writer) {
  const std::size_t rows = series_.size();
  std::string out(kHeadBytes, '\0');
  out[0] = static_cast<char>(kVersion);
  out += static_cast<char>(resolution_);
  out += static_cast<char>(summary_.fullness);
  put_varint(out, rows);
  put_varint(out, zigzag(summary_.first_bucket / length_ms(resolution_)));

  std::string section;
  write_keys(writer, section);
  put_text(out, section);
  const auto put_section = [&](std::uint64_t id) {
    put_varint(out, id);
    put_text(out, section);
    section.clear();
  };
  section.clear();
  if (!users_.empty()) users_.write(writer, rows, section), put_section(kUsers);
  if (!sessions_.empty()) sessions_.write(writer, rows, section), put_section(kSessions);
  if (!error_types_.empty()) error_types_.write(writer, rows, section), put_section(kErrorTypes);
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    if (measures_[m] == nullptr || measures_[m]->empty()) continue;
    measures_[m]->write_moments(writer, rows, is_derived(m), section);
    put_section(kFirstMeasure + 2 * m);
    if (measures_[m]->sketches().empty()) continue;
    measures_[m]->sketches().write(writer, section);
    put_section(kFirstMeasure + 2 * m + 1);
  }
  seal_chunk(out);
  *this = ChunkEncoder(resolution_, summary_.fullness);
  return out;
}

Result<ChunkDecoder> ChunkDecoder::open(std::string_view bytes, const metrics::Needs& needs,
                                        ColumnReader& reader,
                                        std::shared_ptr<const ChunkKeys> keys) {
  if (bytes.size() <= kHeadBytes) return damaged("it is cut off");
  if (static_cast<std::uint8_t>(bytes[0]) != kVersion) {
    return damaged("its version is " + std::to_string(static_cast<std::uint8_t>(bytes[0])));
  }
  ByteReader head(bytes.substr(1));
  std::uint64_t sum = 0;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    sum |= static_cast<std::uint64_t>(head.byte()) << shift;
  }
  if (sum != checksum(bytes)) return damaged("the checksum differs");

  ChunkDecoder decoder(needs);
  if (keys == nullptr) {
    auto read = std::make_shared<ChunkKeys>();
    read->read(head, reader);
    decoder.keys_ = std::move(read);
  } else {
    ChunkKeys::skip(head);
    decoder.keys_ = std::move(keys);
  }
  if ((needs.moments | needs.sketches) != 0) decoder.keys_->executions(decoder.executions_);
  while (head.ok() && !head.at_end()) {
    const std::uint64_t id = head.varint();
    const std::string_view section = head.text();
    if (head.ok() && !decoder.read_section(id, section, reader)) {
      return damaged("section " + std::to_string(id));
    }
  }
  if (!head.ok()) return damaged("its directory");
  return decoder;
}

bool ChunkDecoder::read_section(std::uint64_t id, std::string_view bytes, ColumnReader& reader) {
  ByteReader in(bytes);
  const std::size_t rows = cells();
  if (id == kUsers) {
    if (!needs_.users) return true;
    users_.read(reader, in, rows);
  } else if (id == kSessions) {
    if (!needs_.sessions) return true;
    sessions_.read(reader, in, rows);
  } else if (id == kErrorTypes) {
    if (!needs_.error_types) return true;
    error_types_.read(reader, in, rows);
  } else {
    const std::uint64_t m = (id - kFirstMeasure) / 2;
    if (id < kFirstMeasure || m >= metrics::kMeasureCount) return false;
    const std::uint32_t bit = 1U << m;
    const bool sketches = (id - kFirstMeasure) % 2 == 1;
    if (((needs_.sketches | (sketches ? 0U : needs_.moments)) & bit) == 0) return true;
    std::unique_ptr<MeasureColumn>& column = measures_[m];
    if (sketches == (column == nullptr)) return false;  // moments come first, and once
    if (sketches) {
      column->read_sketches(reader, in);
    } else {
      column = std::make_unique<MeasureColumn>();
      present_.push_back(m);
      const bool summaries = (needs_.moments & bit) != 0;
      column->read_moments(reader, in, executions_, summaries);
      if (!summaries) return in.ok();
    }
  }
  return in.ok() && in.at_end();
}

Status ChunkDecoder::read(std::size_t row, metrics::Cell& out) const {
  out = blank_;
  return merge(row, row + 1, out);
}

Status ChunkDecoder::merge(std::size_t first, std::size_t end, metrics::Cell& into) const {
  keys_->add_counts(first, end, into.counts);
  for (const std::size_t m : present_) {
    const auto measure = static_cast<metrics::Measure>(m);
    if (!measures_[m]->merge(first, end, into.moments(measure), into.sketch(measure))) {
      return damaged("a sketch of measure " + std::to_string(m));
    }
  }
  if (!needs_.users && !needs_.sessions && !needs_.error_types) return {};
  for (std::size_t row = first; row < end; ++row) {
    if (Status merged = merge_row(row, into); !merged) return merged;
  }
  return {};
}

/// What is not numbers.
Status ChunkDecoder::merge_row(std::size_t row, metrics::Cell& into) const {
  if (needs_.users && !users_.merge(row, into.mutable_users())) return damaged("its users");
  if (needs_.sessions && !sessions_.merge(row, into.mutable_sessions())) {
    return damaged("its sessions");
  }
  if (needs_.error_types) {
    for (const auto& [type, count] : error_types_.get(row)) into.add_error_type(type, count);
  }
  return {};
}

}  // namespace vitals::series
