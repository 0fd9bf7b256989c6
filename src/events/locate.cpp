#include <algorithm>
#include <unordered_map>

#include <vitals/events/log_view.h>

#include "block_index.h"
#include "block_reader.h"
#include "log_view_state.h"

namespace vitals::events {
namespace {

/// The first row of the block at this position or a later one.
std::uint32_t row_from(const Block& block, Position position) {
  const std::size_t rows = block.rows.rows();
  if (block.positions.empty()) {
    const Position passed = position > block.first ? position - block.first : 0;
    return static_cast<std::uint32_t>(std::min<Position>(passed, rows));
  }
  const auto at = std::lower_bound(block.positions.begin(), block.positions.end(), position);
  return static_cast<std::uint32_t>(at - block.positions.begin());
}

/// Rows of the block at the positions of a lead that have its id.
void look(const Block& block, const Lead& lead, std::string_view id,
          std::vector<LogView::Hit>& hits) {
  const std::uint32_t end = row_from(block, lead.end);
  for (std::uint32_t row = row_from(block, lead.begin); row < end; ++row) {
    if (block.rows.ids.at(row) == id) hits.push_back({row, lead.id});
  }
}

/// What is in a damaged block is not found; its neighbours are. `verify` names it.
bool is_passed_over(const Error& error) {
  return error.code == Errc::corruption || error.code == Errc::unavailable;
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
      if (is_passed_over(read.error())) continue;
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
  model::ColumnSet ids_only;
  ids_only.ids = true;
  columns.ids = true;
  const auto infos = blocks({.end = end, .columns = {}, .filters = {}});
  if (!infos) return infos.error();
  for (const BlockInfo& info : *infos) {
    const Result<Block> block = read(info.first, ids_only);
    if (!block && is_passed_over(block.error())) continue;
    if (!block) return block.error();
    std::vector<Hit> hits;
    for (std::uint32_t row = 0; row < block->rows.rows(); ++row) {
      const auto at = wanted.find(block->rows.ids.at(row));
      if (at != wanted.end()) hits.push_back({row, at->second});
    }
    if (hits.empty()) continue;
    const Result<Block> whole = read(info.first, columns);
    if (whole) seen(*whole, hits);
    if (!whole && !is_passed_over(whole.error())) return whole.error();
  }
  return {};
}

}  // namespace vitals::events
