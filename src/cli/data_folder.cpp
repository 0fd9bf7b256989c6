#include "data_folder.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/events/log_view.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/store/rocks.h>

namespace vitals::cli {
namespace {

constexpr TimeMs kNothingDropped = std::numeric_limits<TimeMs>::min();

}  // namespace

Result<DataFolder> DataFolder::open(const std::string& folder, const config::Config& config,
                                    const Clock& clock, Mode mode) {
  std::error_code error;
  if (!std::filesystem::exists(folder + "/store/CURRENT", error)) {
    return Error{Errc::not_found, folder + " is no data folder: it has no store"};
  }
  auto held = store::FolderLock::take(folder);
  if (!held) return std::move(held).error();
  store::RocksOptions options = config.store;
  options.folder = folder + "/store";
  options.read_only = mode == Mode::read;
  auto store = store::open_rocks(options, quiet_logger());
  if (!store) return std::move(store).error();
  return DataFolder(folder, *std::move(held), *std::move(store), config, clock);
}

Result<std::unique_ptr<events::EventLog>> DataFolder::open_log() {
  events::Options options = config_->events;
  options.raw_retention_ms = events::kForever;  // what is there is there
  return events::EventLog::open_unchecked(*store_, *clock_, options, quiet_logger(), *telemetry_);
}

Result<std::unique_ptr<series::Rollups>> DataFolder::open_rollups() {
  const auto options = series::saved_options(*store_, config_->series);
  if (!options) return options.error();
  return series::Rollups::open(*store_, *clock_, *options, quiet_logger(), *telemetry_);
}

series::LogReach DataFolder::reach(const events::EventLog& log,
                                   const events::LogCheck& found) const {
  series::LogReach reach;
  reach.days = found.days;
  reach.whole_since = log.kept_since(clock_->now_ms());
  const auto none_on = [](std::vector<std::pair<TimeMs, TimeMs>> ranges) {
    return [ranges = std::move(ranges)](TimeMs day) {
      return std::none_of(ranges.begin(), ranges.end(), [day](const auto& range) {
        return range.first < day + kDayMs && range.second >= day;
      });
    };
  };
  reach.readable = none_on(found.lost);
  reach.persons = none_on(found.nobodys);
  reach.source = [this, &log](TimeMs from_ms, TimeMs to_ms, std::uint64_t before,
                              const auto& visit) -> Status {
    events::ScanRequest request;
    request.from_ms = from_ms;
    request.to_ms = to_ms;
    request.end = before;
    request.columns = series::columns_of_cells();
    return events::LogView(log, store_->snapshot())
        .visit(request, [&visit](const events::Block& block, const auto& rows) {
          return visit(block.rows, rows);
        });
  };
  return reach;
}

Result<FolderCheck> DataFolder::check() {
  const auto log = open_log();
  if (!log) return log.error();
  FolderCheck found;
  found.log = events::check_log(**log, *store_->snapshot());
  auto chunks = series::check_chunks(*store_);
  if (!chunks) return std::move(chunks).error();
  found.cells = *std::move(chunks);
  std::vector<std::string>& faults = found.cells.faults;
  const auto rollups = open_rollups();
  if (!rollups) {
    const std::string& why = rollups.error().message;
    if (std::find(faults.begin(), faults.end(), why) == faults.end()) faults.push_back(why);
  } else {
    if ((*rollups)->watermark() > (*log)->end()) {
      faults.emplace_back("the cells say that they have more events than the log ever had");
    }
    const series::LogReach reach = this->reach(**log, found.log);
    if (Status checked = check_cells(*store_, **rollups, reach, *clock_, found.cells); !checked) {
      faults.push_back("cells cannot be checked any further: " + checked.error().message);
    }
  }
  found.faults = found.log.faults;
  found.faults.insert(found.faults.end(), faults.begin(), faults.end());
  check_others(found.faults);
  check_key(found.faults);
  return found;
}

void DataFolder::check_others(std::vector<std::string>& faults) {
  for (const char* name : {"alerts_open", "alerts_history", "outbox"}) {
    const auto table = store_->table(name);
    if (!table) continue;  // a daemon makes it when it starts
    const auto snapshot = store_->snapshot();
    const auto cursor = snapshot->scan(*table, {}, {});
    while (cursor->valid()) cursor->next();
    if (const Status walked = cursor->status(); !walked) {
      faults.push_back(std::string(name) + ": " + walked.error().message);
    }
  }
}

void DataFolder::check_key(std::vector<std::string>& faults) const {
  // A backup has its own, wherever the configuration puts the daemon's.
  const std::filesystem::path inside = std::filesystem::path(folder_) / config::kKeyFile;
  std::error_code error;
  const bool elsewhere = !config_->key_file.empty() && !std::filesystem::exists(inside, error);
  const auto keys = registry::Pseudonyms::check(elsewhere ? config_->key_file : inside.string());
  if (keys) return;
  faults.push_back(keys.error().code == Errc::not_found
                       ? "pseudonym.key is missing: a new one would give everybody another name"
                       : "pseudonym.key: " + keys.error().message);
}

Status DataFolder::mend(const FolderCheck& found) {
  for (const store::WriteBatch* changes : {&found.log.mending, &found.cells.mending}) {
    if (changes->empty()) continue;
    if (Status saved = store_->commit(*changes, store::Sync::yes); !saved) return saved;
  }
  const auto log = open_log();
  if (!log) return log.error();
  if (found.cells.faults.empty()) return {};
  const auto rollups = open_rollups();
  if (rollups) return mend_days(**log, **rollups, found);
  // The series or the progress: only the whole log can tell them.
  if ((*log)->kept_since(clock_->now_ms()) == kNothingDropped && found.log.lost.empty()) {
    return fold_anew(**log);
  }
  return Error{Errc::corruption, rollups.error().message +
                                     ", and the log no longer has all events: restore a backup"};
}

Status DataFolder::mend_days(const events::EventLog& log, series::Rollups& rollups,
                             const FolderCheck& found) {
  const series::LogReach reach = this->reach(log, found.log);
  store::WriteBatch changes;
  for (const TimeMs day : found.cells.days) {
    const bool told = day >= reach.whole_since && reach.readable(day);
    if (told) rollups.mark_dirty(changes, day, day);
  }
  if (Status marked = store_->commit(changes, store::Sync::yes); !marked) return marked;
  return rollups.rebuild_dirty(reach.whole_since, reach.source);
}

Status DataFolder::fold_anew(const events::EventLog& log) {
  if (Status gone = series::forget_cells(*store_); !gone) return gone;
  auto rollups =
      series::Rollups::open(*store_, *clock_, config_->series, quiet_logger(), *telemetry_);
  if (!rollups) return std::move(rollups).error();
  events::ScanRequest everything;
  everything.columns = series::columns_of_cells();
  Status folded = events::LogView(log, store_->snapshot())
                      .visit(everything, [&](const events::Block& block, const auto&) {
                        const auto rows = std::make_shared<const model::ExecutionBatch>(block.rows);
                        const std::size_t last = block.rows.rows() - 1;
                        return (*rollups)->fold({{rows}}, block.position(last) + 1);
                      });
  return folded ? (*rollups)->make_days() : folded;
}

}  // namespace vitals::cli
