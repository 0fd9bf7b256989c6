#include <algorithm>
#include <unordered_map>

#include <vitals/events/log_view.h>

#include "block_index.h"
#include "block_reader.h"
#include "log_view_state.h"

namespace vitals::events {
namespace {

/// Rows of the block at the positions of a lead that have its id.
void look(const Block& block, const Lead& lead, std::string_view id,
          std::vector<LogView::Hit>& hits) {
  for (std::uint32_t row = 0; row < block.rows.rows(); ++row) {
    const Position position = block.position(row);
    if (position < lead.begin || position >= lead.end) continue;
    if (block.rows.is_execution(row) && block.rows.ids.at(row) == id)
      hits.push_back({row, lead.id});
  }
}

}  // namespace

Status LogView::locate(std::span<const std::string_view> ids, std::vector<Lead> leads,
                       model::ColumnSet columns, const Seen& seen) const {
  std::sort(leads.begin(), leads.end(),
            [](const Lead& a, const Lead& b) { return a.begin < b.begin; });
  const EventLog::Tables& tables = state_->log.tables();
  NameReader names = state_->names();
  BlockReader reader(*state_->snapshot, tables.blocks, names);
  columns.ids = true;
  if (leads.empty()) return {};
  Position end = 0;
  for (const Lead& lead : leads) end = std::max(end, lead.end);
  std::size_t passed = 0;  // leads that end before the block at hand
  IndexWalk walk(*state_->snapshot, tables.index, leads.front().begin, end);
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    const auto overlaps = [&entry](const Lead& lead) {
      return lead.begin < entry.end && lead.end > entry.first;
    };
    while (passed < leads.size() && leads[passed].end <= entry.first) ++passed;
    const auto beyond =
        std::find_if(leads.begin() + static_cast<std::ptrdiff_t>(passed), leads.end(),
                     [&entry](const Lead& lead) { return lead.begin >= entry.end; });
    const std::span near(leads.begin() + static_cast<std::ptrdiff_t>(passed), beyond);
    if (std::none_of(near.begin(), near.end(), overlaps)) continue;
    Block block;
    if (Status read = reader.read(entry, columns, block); !read) {
      if (entry.end <= state_->log.begin()) continue;  // expired since the snapshot
      return read;
    }
    std::vector<Hit> hits;
    for (const Lead& lead : near) look(block, lead, ids[lead.id], hits);
    if (!hits.empty()) seen(block, hits);
  }
  return walk.status();
}

Status LogView::locate(std::span<const std::string_view> ids, Position end,
                       model::ColumnSet columns, const Seen& seen) const {
  std::unordered_map<std::string_view, std::uint32_t> wanted;
  for (std::uint32_t id = 0; id < ids.size(); ++id) wanted.emplace(ids[id], id);
  ScanRequest request;
  request.end = end;
  request.columns.ids = true;
  columns.ids = true;
  const auto find = [&](const Block& block, std::span<const std::uint32_t> rows) -> Status {
    std::vector<Hit> hits;
    for (const std::uint32_t row : rows) {
      const auto at = wanted.find(block.rows.ids.at(row));
      if (at != wanted.end() && block.rows.is_execution(row)) hits.push_back({row, at->second});
    }
    if (hits.empty()) return {};
    const Result<Block> whole = read(block.first, columns);
    if (whole) seen(*whole, hits);
    if (whole || whole.error().code == Errc::unavailable) return {};
    return whole.error();
  };
  return visit(request, find);
}

}  // namespace vitals::events
