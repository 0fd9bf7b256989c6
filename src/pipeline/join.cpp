#include "join.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace vitals::pipeline {
namespace {

/// What signals take over from their executions: all but numbers.
model::ColumnSet columns_of_signals() {
  model::ColumnSet columns = model::ColumnSet::all();
  columns.numbers = 0;
  return columns;
}

}  // namespace

std::vector<std::string_view> execution_ids(const std::vector<model::Signal>& signals) {
  std::vector<std::string_view> ids;
  ids.reserve(signals.size());
  for (const model::Signal& signal : signals) {
    if (!signal.execution_id.empty()) ids.emplace_back(signal.execution_id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<Joined> join(const events::LogView& log, const std::vector<model::Signal>& signals,
                    const std::optional<std::vector<events::Lead>>& leads) {
  const std::vector<std::string_view> ids = execution_ids(signals);
  constexpr auto kNone = std::numeric_limits<std::uint32_t>::max();
  model::ExecutionBatch executions;
  std::vector<std::uint32_t> row_of(ids.size(), kNone);
  const auto seen = [&](const events::Block& block, std::span<const events::LogView::Hit> hits) {
    std::vector<std::uint32_t> rows;
    for (const events::LogView::Hit& hit : hits) {
      row_of[hit.id] = static_cast<std::uint32_t>(executions.rows() + rows.size());
      rows.push_back(hit.row);
    }
    executions.append(block.rows, rows);
  };
  const Status looked = leads ? log.locate(ids, *leads, columns_of_signals(), seen)
                              : log.locate(ids, std::numeric_limits<events::Position>::max(),
                                           columns_of_signals(), seen);
  if (!looked) return looked.error();

  Joined joined;
  std::vector<std::uint32_t> rows;
  std::vector<const model::Signal*> about;  // an execution that was found
  std::vector<const model::Signal*> free;   // about none
  for (const model::Signal& signal : signals) {
    if (signal.execution_id.empty()) {
      free.push_back(&signal);
      continue;
    }
    const auto id = std::lower_bound(ids.begin(), ids.end(), std::string_view(signal.execution_id));
    const std::uint32_t row = row_of[static_cast<std::size_t>(id - ids.begin())];
    if (row == kNone) {
      joined.missing.push_back(signal);
    } else {
      joined.found.push_back(signal);
      rows.push_back(row);
      about.push_back(&signal);
    }
  }
  joined.rows.append(executions, rows);
  model::make_signals(about, joined.rows);
  if (free.empty()) return joined;
  for (const model::Signal* signal : free) joined.found.push_back(*signal);
  joined.rows.append(unjoined(free, std::vector<TimeMs>(free.size())));
  return joined;
}

model::ExecutionBatch unjoined(const std::vector<const model::Signal*>& signals,
                               const std::vector<TimeMs>& time_ms) {
  model::ExecutionBatch rows;
  rows.time_ms = time_ms;
  model::make_signals(signals, rows);
  return rows;
}

}  // namespace vitals::pipeline
