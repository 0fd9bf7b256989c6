#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>

namespace vitals::series {

/// What a check of the cells has found. Days are UTC days, by their starts.
struct CellCheck {
  std::uint64_t chunks = 0;              ///< that can be read
  std::uint64_t cells = 0;               ///< that were held against others
  std::vector<std::string> faults;       ///< one sentence each, naming what is wrong
  std::vector<std::string> not_checked;  ///< likewise, and why
  std::set<TimeMs> days;                 ///< of chunks or cells with faults
  store::WriteBatch mending;             ///< sets the directory right by what chunks say
};

/// The options that a folder's cells were made with, as far as it tells: the dimensions. Nothing is
/// too old for them. Errors: corruption, not_found (there are no cells).
Result<Options> saved_options(store::Store& store, Options options);

/// Reads every chunk of cells of a store that nobody changes: checksums, all cells, and whether the
/// directory says of it what it is; and what is kept beside them.
Result<CellCheck> check_chunks(store::Store& store);

/// What of the log the cells can be held against.
struct LogReach {
  std::set<TimeMs> days;                     ///< that have events
  TimeMs whole_since;                        ///< events from here on are all there
  std::function<bool(TimeMs day)> readable;  ///< all blocks that may hold its events
  std::function<bool(TimeMs day)> persons;   ///< its events still have their users and sessions
  Rollups::Source source;
};

/// Holds every cell against the events that it sums up, folded anew a day at a time; where events
/// are gone, resolutions against each other. Adds to `found`, whose days are passed over. Errors
/// are of reading; what is wrong is no error.
Status check_cells(store::Store& store, const Rollups& rollups, const LogReach& log,
                   const Clock& clock, CellCheck& found);

/// Takes away all cells, their series and how far they came, so that the whole log is folded anew.
Status forget_cells(store::Store& store);

}  // namespace vitals::series
