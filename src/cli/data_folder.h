#pragma once

#include <memory>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/config/config.h>
#include <vitals/events/check.h>
#include <vitals/events/event_log.h>
#include <vitals/series/check.h>
#include <vitals/series/rollups.h>
#include <vitals/store/folder_lock.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::cli {

/// What is wrong with a data folder.
struct FolderCheck {
  events::LogCheck log;
  series::CellCheck cells;
  std::vector<std::string> faults;  ///< of all
};

/// A data folder that no daemon uses, held and opened.
class DataFolder {
 public:
  enum class Mode : bool { read, write };

  /// Errors: not_found (it is none), already_exists (a daemon uses it), corruption, io.
  static Result<DataFolder> open(const std::string& folder, const config::Config& config,
                                 const Clock& clock, Mode mode);

  /// Changes nothing. Errors are of what keeps it from being checked at all.
  Result<FolderCheck> check();

  /// Mends what blocks and log can tell, given what was found. Needs Mode::write.
  Status mend(const FolderCheck& found);

 private:
  DataFolder(std::string folder, store::FolderLock lock, std::unique_ptr<store::Store> store,
             const config::Config& config, const Clock& clock)
      : folder_(std::move(folder)),
        lock_(std::move(lock)),
        store_(std::move(store)),
        config_(&config),
        clock_(&clock) {}

  Result<std::unique_ptr<events::EventLog>> open_log();
  Result<std::unique_ptr<series::Rollups>> open_rollups();
  series::LogReach reach(const events::EventLog& log, const events::LogCheck& found) const;
  Status mend_days(const events::EventLog& log, series::Rollups& rollups, const FolderCheck& found);
  Status fold_anew(const events::EventLog& log);
  void check_others(std::vector<std::string>& faults);
  void check_key(std::vector<std::string>& faults) const;

  std::string folder_;
  store::FolderLock lock_;
  std::unique_ptr<store::Store> store_;
  const config::Config* config_;
  const Clock* clock_;
  std::unique_ptr<telemetry::Registry> telemetry_ = std::make_unique<telemetry::Registry>();
};

}  // namespace vitals::cli
