#include "signals.h"

#include <algorithm>
#include <unordered_map>

#include <vitals/model/signal.h>

namespace vitals::query {

Status add_signals(const Reading& reading, ExecutionsPage& page) {
  if (page.rows.empty()) return {};
  std::unordered_map<std::string_view, std::uint32_t> row_of;
  for (std::uint32_t row = 0; row < page.rows.rows(); ++row) {
    row_of.emplace(page.rows.ids.at(row), row);
  }
  // A signal has the time of its execution.
  const std::vector<TimeMs>& times = page.rows.time_ms;
  const auto [oldest, newest] = std::minmax_element(times.begin(), times.end());
  events::ScanRequest request;
  request.from_ms = *oldest;
  request.to_ms = *newest + 1;
  const auto blocks = reading.log.blocks(request);
  if (!blocks) return blocks.error();
  model::ColumnSet columns;
  columns.ids = true;
  columns.attributes = true;  // comments, assessments
  columns.add(model::Number::rating);
  columns.add(model::Number::sentiment);
  for (const model::Number number : model::kQuality) columns.add(number);
  for (const events::LogView::BlockInfo& info : *blocks) {
    if (!info.signals) continue;
    if (Status status = reading.deadline.check(); !status) return status;
    const Result<events::Block> block = reading.log.read(info.first, columns);
    if (!block && block.error().code == Errc::unavailable) continue;
    if (!block) return block.error();
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < block->rows.rows(); ++row) {
      if (!model::is_opinion(block->rows.kind(row))) continue;
      const auto about = row_of.find(model::execution_id_of(block->rows.ids.at(row)));
      if (about == row_of.end() || times[about->second] != block->rows.time_ms[row]) continue;
      rows.push_back(row);
      page.about.push_back(about->second);
    }
    page.signals.append(block->rows, rows);
  }
  return {};
}

}  // namespace vitals::query
