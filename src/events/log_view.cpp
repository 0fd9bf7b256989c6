#include <vitals/events/log_view.h>

#include "block_index.h"
#include "block_reader.h"
#include "log_view_state.h"
#include "name_reader.h"

namespace vitals::events {
namespace {

void leave_out_interactions(Block& block) {
  const auto rows = block.rows.measured_rows();
  if (!rows) return;
  std::vector<Position> positions;
  positions.reserve(rows->size());
  for (const std::uint32_t row : *rows) positions.push_back(block.position(row));
  model::ExecutionBatch left;
  left.append(block.rows, *rows);
  block.rows = std::move(left);
  block.positions = std::move(positions);
}

class StoredScan final : public BlockScan {
 public:
  StoredScan(const EventLog& log, std::shared_ptr<const store::Snapshot> snapshot,
             const ScanRequest& request)
      : log_(log),
        request_(request),
        snapshot_(std::move(snapshot)),
        walk_(*snapshot_, log.tables().index, request.first, request.end),
        names_(*snapshot_, log.tables().names, log.name_cache()),
        reader_(*snapshot_, log.tables().blocks, names_) {}

  Result<bool> next(Block& out) override {
    for (; walk_.valid(); walk_.next()) {
      const IndexEntry& entry = walk_.entry();
      if (!entry.overlaps(request_.from_ms, request_.to_ms)) continue;
      Status read = reader_.read(entry, request_.columns, out, request_.filters);
      if (!read) {
        // Expiry frees files under every snapshot.
        if (entry.end <= log_.begin()) continue;
        return std::move(read).error();
      }
      walk_.next();
      if (!request_.interactions) leave_out_interactions(out);
      return true;
    }
    if (!walk_.status()) return walk_.status().error();
    return false;
  }

 private:
  const EventLog& log_;
  const ScanRequest request_;
  const std::shared_ptr<const store::Snapshot> snapshot_;
  IndexWalk walk_;
  NameReader names_;
  BlockReader reader_;
};

}  // namespace

std::vector<std::uint32_t> rows_within(const Block& block, const ScanRequest& request) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < block.rows.rows(); ++row) {
    const TimeMs time = block.rows.time_ms[row];
    const Position position = block.position(row);
    if (time >= request.from_ms && time < request.to_ms && position >= request.first &&
        position < request.end) {
      rows.push_back(row);
    }
  }
  return rows;
}

LogView::LogView(const EventLog& log, std::shared_ptr<const store::Snapshot> snapshot)
    : state_(new State{log, std::move(snapshot)}) {}
LogView::~LogView() = default;
LogView::LogView(LogView&&) noexcept = default;

std::unique_ptr<BlockScan> LogView::scan(const ScanRequest& request) const {
  return std::make_unique<StoredScan>(state_->log, state_->snapshot, request);
}

Status LogView::visit(const ScanRequest& request, const Visitor& visitor) const {
  const auto blocks = scan(request);
  Block block;
  while (true) {
    const Result<bool> more = blocks->next(block);
    if (!more) return more.error();
    if (!*more) return {};
    if (Status visited = visitor(block, rows_within(block, request)); !visited) return visited;
  }
}

Result<Position> LogView::end() const {
  const EventLog::Tables& tables = state_->log.tables();
  return log_end(*state_->snapshot, tables.index, tables.state);
}

Result<std::vector<LogView::BlockInfo>> LogView::blocks(const ScanRequest& request) const {
  std::vector<BlockInfo> found;
  IndexWalk walk(*state_->snapshot, state_->log.tables().index, request.first, request.end);
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    if (!entry.overlaps(request.from_ms, request.to_ms)) continue;
    found.push_back({entry.first, entry.rows, entry.min_ms, entry.max_ms, entry.signals > 0});
  }
  if (!walk.status()) return walk.status().error();
  return found;
}

Result<Block> LogView::read(Position first, const model::ColumnSet& columns) const {
  NameReader names = state_->names();
  BlockReader reader(*state_->snapshot, state_->log.tables().blocks, names);
  Block block;
  const Result<bool> found = reader.find(first, columns, block);
  if (!found) return found.error();
  if (!*found && first < state_->log.begin()) {
    return Error{Errc::unavailable, "the events were dropped while they were read"};
  }
  if (!*found) {
    return Error{Errc::not_found, "there is no event block " + std::to_string(first)};
  }
  return block;
}

Result<std::optional<LogView::Found>> LogView::find(std::string_view id) const {
  const store::Snapshot& snapshot = *state_->snapshot;
  NameReader names = state_->names();
  BlockReader reader(snapshot, state_->log.tables().blocks, names);
  model::ColumnSet columns;
  columns.ids = true;
  Position before = std::numeric_limits<Position>::max();
  for (;;) {
    const auto entry = last_entry(snapshot, state_->log.tables().index, before);
    if (!entry) return entry.error();
    if (!entry->has_value()) return std::optional<Found>();
    before = (*entry)->first;
    Block block;
    if (Status read = reader.read(**entry, columns, block); !read) {
      if ((*entry)->end <= state_->log.begin()) return std::optional<Found>();
      return std::move(read).error();
    }
    for (std::size_t row = block.rows.rows(); row-- > 0;) {
      if (block.rows.ids.at(row) != id || !block.rows.is_execution(row)) continue;
      if (Status read = reader.read(**entry, model::ColumnSet::all(), block); !read) {
        return std::move(read).error();
      }
      return std::optional<Found>({std::move(block), row});
    }
  }
}

}  // namespace vitals::events
