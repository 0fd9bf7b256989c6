#include "log_tail.h"

#include <utility>

#include <vitals/events/log_view.h>
#include <vitals/series/rollups.h>

namespace vitals::pipeline {
namespace {

/// Events of one fold, which are in memory together.
constexpr std::uint64_t kFoldRowsMax = 65'536;

LogTail take_recent(events::EventLog& log, events::Position first) {
  LogTail tail{{}, first};
  while (tail.through - first < kFoldRowsMax) {
    auto recent = log.take_recent(tail.through);
    if (recent == nullptr) break;
    tail.through += recent->rows();
    if (const auto measured = recent->measured_rows()) {
      auto part = std::make_shared<model::ExecutionBatch>();
      part->append(*recent, *measured);
      recent = std::move(part);
    }
    tail.batches.push_back(std::move(recent));
  }
  return tail;
}

}  // namespace

Result<LogTail> read_tail(events::EventLog& log, const store::Store& store,
                          events::Position first) {
  LogTail tail = take_recent(log, first);
  if (!tail.batches.empty()) return tail;

  events::ScanRequest request;
  request.first = first;
  request.columns = series::columns_of_cells();
  const events::LogView view(log, store.snapshot());
  const auto end = view.end();
  if (!end) return end.error();
  const auto scan = view.scan(request);
  for (std::uint64_t rows = 0; rows < kFoldRowsMax;) {
    events::Block block;
    const auto more = scan->next(block);
    if (!more) return more.error();
    if (!*more) {
      tail.through = *end;
      break;
    }
    rows += block.rows.rows();
    tail.through = block.last + 1;
    if (block.first < first) {
      // Merged from blocks on both sides of the watermark.
      const auto newer = events::rows_within(block, request);
      model::ExecutionBatch part;
      part.append(block.rows, newer);
      block.rows = std::move(part);
    }
    tail.batches.push_back(std::make_shared<const model::ExecutionBatch>(std::move(block.rows)));
  }
  return tail;
}

}  // namespace vitals::pipeline
