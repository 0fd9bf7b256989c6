#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <vitals/events/check.h>
#include <vitals/store/keys.h>
#include <vitals/store/pairs.h>

#include "block_index.h"
#include "codec/block_codec.h"
#include "day.h"
#include "duplicates.h"
#include "name_reader.h"

namespace vitals::events {
namespace {

constexpr TimeMs kAlways = std::numeric_limits<TimeMs>::max();

/// What the index should say of a block.
IndexEntry entry_of(const Block& block, std::size_t bytes, std::uint64_t epoch) {
  const auto [min, max] = std::minmax_element(block.rows.time_ms.begin(), block.rows.time_ms.end());
  const std::size_t rows = block.rows.rows();
  return {block.first,
          block.position(rows - 1) + 1,
          static_cast<std::uint32_t>(rows),
          *min,
          *max,
          block.arrival_ms,
          bytes,
          epoch,
          static_cast<std::uint32_t>(block.rows.signals(0, rows))};
}

/// Nothing, or where an entry is wrong.
std::string difference(const IndexEntry& says, const IndexEntry& is) {
  if (says.rows != is.rows) {
    return std::to_string(says.rows) + " events, it has " + std::to_string(is.rows);
  }
  if (says.min_ms != is.min_ms || says.max_ms != is.max_ms) return "other times";
  if (says.arrival_ms != is.arrival_ms) return "another arrival";
  if (says.bytes != is.bytes) {
    return std::to_string(says.bytes) + " bytes, it has " + std::to_string(is.bytes);
  }
  if (says.signals != is.signals) return "another number of signals";
  if (is.epoch != 0 && says.epoch != is.epoch) return "other names";
  return says.end < is.end ? "fewer positions" : "";
}

/// Reads names and remembers of which epoch they were.
class SeenNames final : public NameSource {
 public:
  SeenNames(const store::Snapshot& snapshot, const EventLog& log)
      : reader_(snapshot, log.tables().names, log.name_cache()) {}

  Status names(model::Label field, std::uint64_t epoch, std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override {
    epoch_ = epoch;
    return reader_.names(field, epoch, numbers, texts);
  }
  /// Of the names asked for since the last call; 0 without any.
  std::uint64_t take_epoch() { return std::exchange(epoch_, 0); }

 private:
  NameReader reader_;
  std::uint64_t epoch_ = 0;
};

class LogChecker {
 public:
  LogChecker(const store::Snapshot& snapshot, const EventLog& log, Position ids_from,
             TimeMs ids_since_ms)
      : index_(log.tables().index),
        names_(snapshot, log),
        ids_from_(ids_from),
        ids_since_ms_(ids_since_ms) {}

  void see(std::string_view key, std::optional<std::string_view> listed,
           const Result<std::optional<std::string>>& bytes) {
    if (key.size() != sizeof(Position)) return fault("a key of the event index is damaged");
    name_ = "event block " + std::to_string(store::get_u64(key));
    const std::optional<IndexEntry> says = read_entry(key, listed);
    if (!bytes) return lose(says, bytes.error().message);
    if (!*bytes) return lose(says, "it is missing");
    Block block;
    const Status decoded = decoder_.decode(**bytes, model::ColumnSet::all(), block, {}, &names_);
    const std::uint64_t epoch = names_.take_epoch();
    if (!decoded) {
      return lose(says, decoded.error().message);
    }
    if (block.first != store::get_u64(key)) {
      return lose(says, "it calls itself " + std::to_string(block.first));
    }
    count(block);
    IndexEntry is = entry_of(block, (*bytes)->size(), epoch);
    if (block.min_ms != is.min_ms || block.max_ms != is.max_ms) fault("it names other times");
    if (!listed) fault("it is not in the index");
    const std::string wrong = says ? difference(*says, is) : "";
    if (!wrong.empty()) fault("the index says " + wrong);
    if (says) is.nobodys = says->nobodys;
    if (is.nobodys) found_.nobodys.emplace_back(is.min_ms, is.max_ms);
    if (!says || !wrong.empty()) {
      if (says) is.end = std::max(is.end, says->end);
      if (says && is.epoch == 0) is.epoch = says->epoch;
      found_.mending.put(index_, key, encode(is));
    }
    if (is.first < end_) fault("it overlaps the one before");
    end_ = std::max(end_, says ? says->end : is.end);
  }

  /// Something of the log that is no block's.
  void fault_of_log(std::string what) { found_.faults.push_back(std::move(what)); }
  /// Ids that are remembered occur once: a second event with one would have been a duplicate.
  void see_ids() {
    std::sort(ids_.begin(), ids_.end());
    for (std::size_t i = 1; i < ids_.size(); ++i) {
      if (ids_[i].first != ids_[i - 1].first) continue;
      found_.faults.push_back("events " + std::to_string(ids_[i - 1].second) + " and " +
                              std::to_string(ids_[i].second) +
                              " have one id, which the second came with within dedup.age");
    }
  }
  LogCheck take() { return std::move(found_); }

 private:
  std::optional<IndexEntry> read_entry(std::string_view key,
                                       std::optional<std::string_view> listed) {
    if (!listed) return std::nullopt;
    const Result<IndexEntry> entry = decode_entry(key, *listed);
    if (entry) return *entry;
    found_.faults.push_back(entry.error().message);
    return std::nullopt;
  }

  void fault(const std::string& what) { found_.faults.push_back(name_ + ": " + what); }

  void lose(const std::optional<IndexEntry>& says, const std::string& why) {
    fault(why);
    if (says) {
      found_.lost.emplace_back(says->min_ms, says->max_ms);
    } else {
      found_.lost.emplace_back(-kAlways, kAlways);
    }
  }

  void count(const Block& block) {
    ++found_.blocks;
    found_.events += block.rows.rows();
    std::optional<TimeMs> last;
    for (const TimeMs time : block.rows.time_ms) {
      const TimeMs day = day_of(time);
      if (day != last) found_.days.insert(day);
      last = day;
    }
    if (block.arrival_ms < ids_since_ms_) return;
    for (std::size_t row = 0; row < block.rows.rows(); ++row) {
      if (block.position(row) < ids_from_) continue;
      ids_.emplace_back(hash_of_id(block.rows.ids.at(row)), block.position(row));
    }
  }

  store::Table index_;
  SeenNames names_;
  const Position ids_from_;
  const TimeMs ids_since_ms_;
  std::vector<std::pair<std::uint64_t, Position>> ids_;
  std::string name_ = "the log";
  BlockDecoder decoder_;
  Position end_ = 0;  ///< of what came before
  LogCheck found_;
};

}  // namespace

LogCheck check_log(const EventLog& log, const store::Snapshot& snapshot) {
  const EventLog::Tables& tables = log.tables();
  const Options& options = log.options();
  const auto newest = last_entry(snapshot, tables.index, log.end());
  const TimeMs newest_ms = newest && newest->has_value() ? (*newest)->arrival_ms : 0;
  // A merged block says when its newest event arrived, others came up to a 24th of the age before.
  const DurationMs remembered_ms = options.dedup_age_ms - options.dedup_age_ms / 24;
  LogChecker checker(snapshot, log,
                     log.end() > options.dedup_ids_max ? log.end() - options.dedup_ids_max : 0,
                     newest_ms - remembered_ms);
  const Status walked = store::visit_pairs(
      snapshot, tables.index, tables.blocks,
      [&checker](auto key, auto listed, const auto& bytes) { checker.see(key, listed, bytes); });
  if (!walked) {
    checker.fault_of_log("the event index cannot be read any further: " + walked.error().message);
  }
  checker.see_ids();
  return checker.take();
}

}  // namespace vitals::events
