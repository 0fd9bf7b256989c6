#include "executions.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

#include "newest.h"
#include "place.h"
#include "signals.h"

namespace vitals::query {
namespace {

constexpr std::uint32_t kLimitMax = 10'000;

struct Row {
  Place place;
  events::Position block;  ///< its first position
  std::uint32_t row;
};

bool newer(const Row& a, const Row& b) { return a.place.newer_than(b.place); }

TimeMs time_of(const Row& row) { return row.place.time_ms; }

using NewestRows = Newest<Row, newer, time_of>;

/// Times [from_ms, to_ms), and only what comes after a cursor.
struct Range {
  TimeMs from_ms = std::numeric_limits<TimeMs>::min();
  TimeMs to_ms = std::numeric_limits<TimeMs>::max();
  std::optional<Place> after;
};

Result<Range> range_of(const ExecutionsRequest& request) {
  Range range;
  if (request.from_ms) range.from_ms = *request.from_ms;
  if (request.to_ms) range.to_ms = *request.to_ms;
  if (range.from_ms >= range.to_ms) {
    return Error{Errc::invalid_argument, "the range is empty: from is not before to"};
  }
  if (!request.cursor.empty()) {
    const Result<Place> place = parse_cursor(request.cursor);
    if (!place) return place.error();
    range.after = *place;
    if (place->time_ms < range.to_ms) range.to_ms = place->time_ms + 1;
  }
  return range;
}

void offer_rows(const events::Block& block, const Range& range, const ExecutionsRequest& request,
                NewestRows& newest) {
  for (const std::uint32_t row : model::select_rows(block.rows, request.filters)) {
    const bool wanted =
        request.unjoined ? model::is_unjoined(block.rows, row) : block.rows.is_execution(row);
    if (!wanted) continue;
    const TimeMs time = block.rows.time_ms[row];
    if (time < range.from_ms || time >= range.to_ms) continue;
    const Place place{time, block.position(row)};
    if (range.after && !range.after->newer_than(place)) continue;
    newest.offer({place, block.first, row});
  }
}

Result<std::vector<Row>> find_rows(const Reading& reading, const Range& range,
                                   const ExecutionsRequest& request, std::size_t limit) {
  events::ScanRequest scan;
  scan.from_ms = range.from_ms;
  scan.to_ms = range.to_ms;
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  if (request.unjoined) scan.columns.add(model::Label::prompt);
  auto blocks = reading.log.blocks(scan);
  if (!blocks) return blocks.error();
  std::sort(blocks->begin(), blocks->end(),
            [](const auto& a, const auto& b) { return a.max_ms > b.max_ms; });
  NewestRows newest(limit);
  for (const events::LogView::BlockInfo& info : *blocks) {
    if (newest.closed_to(info.max_ms)) break;
    if (request.unjoined && !info.signals) continue;
    if (Status status = reading.deadline.check(); !status) return status.error();
    const Result<events::Block> block = reading.log.read(info.first, scan.columns);
    if (!block && block.error().code == Errc::unavailable) continue;
    if (!block) return block.error();
    offer_rows(*block, range, request, newest);
  }
  return std::move(newest).sorted();
}

/// Whole rows in the given order, each block read once.
Result<model::ExecutionBatch> read_rows(const Reading& reading, const std::vector<Row>& rows) {
  std::map<events::Position, std::vector<std::uint32_t>> by_block;  // indexes of `rows`
  for (std::uint32_t i = 0; i < rows.size(); ++i) by_block[rows[i].block].push_back(i);
  model::ExecutionBatch gathered;
  std::vector<std::uint32_t> place_of(rows.size());  // in `gathered`
  std::vector<std::uint32_t> wanted;
  for (const auto& [first, indexes] : by_block) {
    if (Status status = reading.deadline.check(); !status) return status.error();
    const Result<events::Block> block = reading.log.read(first, model::ColumnSet::all());
    if (!block) return block.error();
    wanted.clear();
    for (const std::uint32_t i : indexes) {
      place_of[i] = static_cast<std::uint32_t>(gathered.rows() + wanted.size());
      wanted.push_back(rows[i].row);
    }
    gathered.append(block->rows, wanted);
  }
  model::ExecutionBatch ordered;
  ordered.append(gathered, place_of);
  return ordered;
}

}  // namespace

Result<ExecutionsPage> page_executions(const Sources& sources, const ExecutionsRequest& request) {
  if (request.limit == 0 || request.limit > kLimitMax) {
    return Error{Errc::invalid_argument,
                 "the limit is not within 1 and " + std::to_string(kLimitMax)};
  }
  for (const model::Filter& filter : request.filters) {
    if (!model::is_field(filter.field)) {
      return Error{Errc::invalid_argument, "unknown field '" + filter.field + "'"};
    }
  }
  const Result<Range> range = range_of(request);
  if (!range) return range.error();
  const Reading reading(sources, request.deadline_ms);
  // One more than asked for tells whether there is a next page.
  auto rows = find_rows(reading, *range, request, std::size_t{request.limit} + 1);
  if (!rows) return rows.error();
  ExecutionsPage page;
  if (rows->size() > request.limit) {
    rows->pop_back();
    page.next_cursor = to_cursor(rows->back().place);
  }
  Result<model::ExecutionBatch> batch = read_rows(reading, *rows);
  if (!batch) return batch.error();
  page.rows = *std::move(batch);
  if (request.unjoined) {
    page.signals = page.rows;
    page.about.resize(page.rows.rows());
    std::iota(page.about.begin(), page.about.end(), 0U);
    return page;
  }
  if (Status added = add_signals(reading, page); !added) return std::move(added).error();
  return page;
}

}  // namespace vitals::query
