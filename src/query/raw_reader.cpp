#include "raw_reader.h"

#include <algorithm>
#include <limits>

#include <vitals/model/partition.h>
#include <vitals/model/rows.h>

namespace vitals::query {

RawReader::RawReader(const events::LogView& log, const std::vector<model::Filter>& filters,
                     const std::vector<std::string>& group_by, const metrics::Needs& needs,
                     const metrics::Options& options, Tallies& tallies)
    : log_(log),
      filters_(filters),
      group_by_(group_by),
      options_(options),
      tallies_(tallies),
      columns_(metrics::columns_for(needs)) {
  for (const model::Filter& filter : filters) model::require_field(filter.field, columns_);
  for (const std::string& field : group_by) model::require_field(field, columns_);
}

Status RawReader::read(TimeMs from_ms, TimeMs to_ms, events::Position first,
                       const Deadline& deadline) {
  const events::ScanRequest request{from_ms, to_ms, first,
                                    std::numeric_limits<events::Position>::max(), columns_};
  const auto scan = log_.scan(request);
  events::Block block;
  while (!tallies_.full()) {
    if (Status status = deadline.check(); !status) return status;
    const Result<bool> more = scan->next(block);
    if (!more) return more.error();
    if (!*more) break;
    std::vector<std::uint32_t> rows = select(block, request);
    if (!rows.empty()) add(block, std::move(rows));
  }
  return {};
}

std::vector<std::uint32_t> RawReader::select(const events::Block& block,
                                             const events::ScanRequest& request) const {
  std::vector<std::uint32_t> rows = model::select_rows(block.rows, filters_);
  if (block.min_ms < request.from_ms || block.max_ms >= request.to_ms) {
    std::erase_if(rows, [&](std::uint32_t row) {
      const TimeMs time = block.rows.time_ms[row];
      return time < request.from_ms || time >= request.to_ms;
    });
  }
  if (block.first < request.first) {
    std::erase_if(rows, [&](std::uint32_t row) { return block.position(row) < request.first; });
  }
  return rows;
}

void RawReader::add(const events::Block& block, std::vector<std::uint32_t> rows) {
  const Points& points = tallies_.points();
  const std::vector<TimeMs>& times = block.rows.time_ms;
  std::vector<std::uint32_t> point_of_row;
  std::size_t first_point = 0;
  std::size_t point_count = 1;
  if (points.size() > 1) {
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return times[a] < times[b]; };
    const auto [oldest, newest] = std::minmax_element(rows.begin(), rows.end(), earlier);
    first_point = points.index_of(times[*oldest]);
    point_count = points.index_of(times[*newest]) - first_point + 1;
    point_of_row.resize(times.size());
    for (const std::uint32_t row : rows) {
      point_of_row[row] = static_cast<std::uint32_t>(points.index_of(times[row]) - first_point);
    }
  }
  model::Partition partition(std::move(rows));
  partition.split(point_of_row, point_count);
  std::vector<model::FieldCodes> fields;
  for (const std::string& name : group_by_) {
    fields.push_back(model::encode_field(block.rows, name));
    partition.split(fields.back().codes, fields.back().values.size());
  }
  const metrics::MeasuredBatch measured(block.rows, options_);
  std::vector<std::string_view> labels(fields.size());
  for (const std::span<const std::uint32_t> part : partition.parts()) {
    const std::uint32_t any = part.front();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      labels[i] = fields[i].values[fields[i].codes[any]];
    }
    const std::size_t point = first_point + (point_count > 1 ? point_of_row[any] : 0);
    tallies_.add(tallies_.group(labels), point, measured, part);
  }
}

}  // namespace vitals::query
