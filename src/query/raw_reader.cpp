#include "raw_reader.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <vitals/model/partition.h>
#include <vitals/model/rows.h>

namespace vitals::query {

RawWork::RawWork(const events::LogView& log, const std::vector<model::Filter>& filters,
                 const std::vector<std::string>& group_by, const metrics::Needs& needs,
                 const metrics::Options& options)
    : log_(log),
      filters_(filters),
      group_by_(group_by),
      options_(options),
      columns_(metrics::columns_for(needs)) {
  for (const std::string& field : group_by) model::require_field(field, columns_);
}

Status RawWork::add(TimeMs from_ms, TimeMs to_ms, events::Position first) {
  const RawStretch stretch{from_ms, to_ms, first, std::numeric_limits<events::Position>::max()};
  auto blocks = log_.blocks({from_ms, to_ms, stretch.first, stretch.end, {}, {}});
  if (!blocks) return blocks.error();
  for (const auto& block : *blocks) rows_ += block.rows;
  if (!blocks->empty()) planned_.push_back({stretch, *std::move(blocks)});
  return {};
}

std::vector<std::vector<RawStretch>> RawWork::parts(std::size_t count) const {
  std::vector<std::vector<RawStretch>> parts(count);
  std::uint64_t before = 0;  // rows
  for (const Planned& planned : planned_) {
    RawStretch rest = planned.stretch;
    std::size_t part = before * count / rows_;
    for (const events::LogView::BlockInfo& block : planned.blocks) {
      const std::size_t next = before * count / rows_;
      if (next != part) {
        RawStretch done = rest;
        done.end = rest.first = block.first;
        if (done.first < done.end) parts[part].push_back(done);
        part = next;
      }
      before += block.rows;
    }
    parts[part].push_back(rest);
  }
  return parts;
}

Result<bool> RawBlocks::step(const Deadline& deadline) {
  rows_.clear();
  if (Status status = deadline.check(); !status) return status.error();
  if (at_ == stretches_.size()) return false;
  const RawStretch& stretch = stretches_[at_];
  if (scan_ == nullptr) {
    scan_ = work_->log_.scan({stretch.from_ms, stretch.to_ms, stretch.first, stretch.end,
                              work_->columns_, work_->filters_});
  }
  const Result<bool> more = scan_->next(block_);
  if (!more) return more.error();
  if (!*more) {
    scan_ = nullptr;
    ++at_;
    return true;
  }
  select(stretch);
  return true;
}

void RawBlocks::select(const RawStretch& stretch) {
  rows_.resize(block_.rows.rows());
  std::iota(rows_.begin(), rows_.end(), 0U);
  if (block_.min_ms < stretch.from_ms || block_.max_ms >= stretch.to_ms) {
    std::erase_if(rows_, [&](std::uint32_t row) {
      const TimeMs time = block_.rows.time_ms[row];
      return time < stretch.from_ms || time >= stretch.to_ms;
    });
  }
  if (block_.first < stretch.first) {
    std::erase_if(rows_, [&](std::uint32_t row) { return block_.position(row) < stretch.first; });
  }
}

Result<bool> RawReader::step(const Deadline& deadline) {
  if (tallies_.full()) return false;
  Result<bool> more = blocks_.step(deadline);
  if (more && *more && !blocks_.rows().empty())
    add(blocks_.block().rows, std::move(blocks_.rows()));
  return more;
}

void RawReader::add(const model::ExecutionBatch& batch, std::vector<std::uint32_t> rows) {
  const Points& points = tallies_.points();
  const std::vector<TimeMs>& times = batch.time_ms;
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
  for (const std::string& name : work_.group_by_) {
    fields.push_back(model::encode_field(batch, name));
    partition.split(fields.back().codes, fields.back().values.size());
  }
  const metrics::MeasuredBatch measured(batch, work_.options_);
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
