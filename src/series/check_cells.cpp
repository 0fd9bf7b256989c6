#include <algorithm>
#include <limits>
#include <map>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/series/cell_view.h>
#include <vitals/series/check.h>
#include <vitals/store/memory.h>

#include "cell_builder.h"
#include "cell_difference.h"
#include "dirty_days.h"
#include "storage.h"

namespace vitals::series {
namespace {

/// Events that are folded together, and series that are compared together: both are in memory.
constexpr std::size_t kFoldRows = 65'536;
constexpr std::size_t kSeriesAtOnce = 1'024;
/// Differences of one day and resolution that are named one by one.
constexpr std::uint64_t kNamedMax = 3;

/// Cells of one view, as they are or added up to coarser ones.
struct Side {
  const CellView& view;
  Resolution resolution;
};

using Key = std::pair<SeriesId, TimeMs>;
using Cells = std::map<Key, metrics::Cell>;

/// A store that has the series of another, and cells of one day's events.
struct Refolded {
  std::unique_ptr<store::Store> store = store::open_memory();
  telemetry::Registry telemetry;
  std::unique_ptr<Rollups> rollups;
};

class CellChecker {
 public:
  CellChecker(store::Store& store, const Rollups& rollups, const LogReach& log, const Clock& clock,
              CellCheck& found)
      : snapshot_(store.snapshot()),
        rollups_(rollups),
        view_(rollups, snapshot_),
        log_(log),
        clock_(clock),
        found_(found) {}

  Status run() {
    const auto marked = marked_days(*snapshot_, rollups_.storage().dirty);
    if (!marked) return marked.error();
    std::set<TimeMs> days = log_.days;
    if (Status listed = add_days_of_cells(days); !listed) return listed;
    for (const TimeMs day : days) {
      const bool waits = std::any_of(marked->begin(), marked->end(), [day](const DayRange& range) {
        return day >= range.first && day <= range.last;
      });
      if (waits) {
        not_checked(day, "they wait to be rebuilt, which the next start of the daemon does");
      } else if (found_.days.count(day) == 0) {
        if (Status checked = check_day(day); !checked) return checked;
      }
    }
    return {};
  }

 private:
  void not_checked(TimeMs day, const std::string& why) {
    found_.not_checked.push_back("cells of " + format_rfc3339(day) + ": " + why);
  }

  Status add_days_of_cells(std::set<TimeMs>& days) const {
    const auto cursor = snapshot_->scan(rollups_.storage().tables.directory, {}, {});
    for (; cursor->valid(); cursor->next()) {
      const Result<ChunkKey> key = decode_key(cursor->key());
      if (key) days.insert(bucket_start(key->span.start, kDayMs));
    }
    return cursor->status();
  }

  Status check_day(TimeMs day) {
    if (!log_.readable(day)) {
      not_checked(day, "blocks that may have their events cannot be read");
      return {};
    }
    if (day < log_.whole_since) {
      return check_among_themselves(day);
    }
    if (!log_.persons(day)) {
      not_checked(day, "how many users and sessions, as retention took them out of raw events");
    }
    Refolded truth;
    if (Status folded = fold(day, truth); !folded) return folded;
    const CellView expected(*truth.rollups, truth.store->snapshot());
    for (const Resolution resolution : kResolutions) {
      Status held = hold({view_, resolution}, {expected, resolution}, day, "the log");
      if (!held) return held;
    }
    return {};
  }

  /// Events are gone: what is left is whether cells add up to the coarser ones.
  Status check_among_themselves(TimeMs day) {
    not_checked(day, "raw events no longer cover the day; held against each other only");
    if (Status held = hold({view_, Resolution::hour}, {view_, Resolution::minute}, day, "minutes");
        !held) {
      return held;
    }
    return hold({view_, Resolution::day}, {view_, Resolution::hour}, day, "hours");
  }

  /// Folds the events of a day into a store of their own, with the series that they have here.
  Status fold(TimeMs day, Refolded& into) const {
    Rollups::Storage storage;
    if (Status made = open_tables(*into.store, storage); !made) return made;
    store::WriteBatch series;
    const auto rows = snapshot_->scan(rollups_.storage().series, {}, {});
    for (; rows->valid(); rows->next()) series.put(storage.series, rows->key(), rows->value());
    if (Status read = rows->status(); !read) return read;
    if (Status put = into.store->commit(series, store::Sync::no); !put) return put;
    Options options = rollups_.options();
    options.retention_ms.fill(kForever);
    options.raw_retention_ms = 0;  // everything in minutes too
    options.series_max = static_cast<std::uint32_t>(view_.index().size() - 1);
    auto opened = Rollups::open(*into.store, clock_, options, quiet_logger(), into.telemetry);
    if (!opened) return std::move(opened).error();
    into.rollups = *std::move(opened);
    return feed(day, *into.rollups);
  }

  Status feed(TimeMs day, Rollups& rollups) const {
    std::uint64_t events = 0;
    auto gathered = std::make_shared<model::ExecutionBatch>();
    const auto flush = [&]() -> Status {
      if (gathered->empty()) return {};
      events += gathered->rows();
      const std::vector<std::shared_ptr<const model::ExecutionBatch>> batches{std::move(gathered)};
      gathered = std::make_shared<model::ExecutionBatch>();
      return rollups.fold(batches, events);
    };
    const Status fed = log_.source(
        day, day + kDayMs, rollups_.watermark(),
        [&](const model::ExecutionBatch& batch, std::span<const std::uint32_t> rows) -> Status {
          gathered->append(batch, rows);
          return gathered->rows() >= kFoldRows ? flush() : Status();
        });
    return fed ? flush() : fed;
  }

  /// Holds the cells of a day against those that they should be.
  Status hold(const Side& is, const Side& expected, TimeMs day, const char* by) {
    const DurationMs step = span_ms(is.resolution);
    const TimeMs kept = std::max(oldest_of(is), oldest_of(expected));
    metrics::Needs needs = needs_of_both(is, expected);
    if (!log_.persons(day)) needs.users = needs.sessions = false;
    std::uint64_t wrong = 0;
    for (TimeMs from = day; from < day + kDayMs; from += step) {
      if (from < kept) continue;
      for (std::size_t first = 0; first < view_.index().size(); first += kSeriesAtOnce) {
        std::vector<bool> wanted(view_.index().size());
        const std::size_t last = std::min(first + kSeriesAtOnce, wanted.size());
        for (std::size_t id = first; id < last; ++id) wanted[id] = true;
        Cells cells, others;
        if (Status read = gather(is, is.resolution, from, needs, wanted, cells); !read) return read;
        Status read = gather(expected, is.resolution, from, needs, wanted, others);
        if (!read) return read;
        compare(cells, others, is.resolution, by, wrong);
      }
    }
    if (wrong == 0) return {};
    found_.days.insert(day);
    if (wrong > kNamedMax) {
      found_.faults.push_back(std::to_string(wrong - kNamedMax) + " more " +
                              std::string(to_string(is.resolution)) + " cells of " +
                              format_rfc3339(day) + " are not as " + by + " has them");
    }
    return {};
  }

  TimeMs oldest_of(const Side& side) const {
    return side.view.oldest_kept(side.resolution, clock_.now_ms());
  }

  static metrics::Needs needs_of_both(const Side& a, const Side& b) {
    const metrics::Needs all = metrics::Needs::everything();
    const bool full = a.view.carries(a.resolution, all) && b.view.carries(b.resolution, all);
    return full ? all : thin_needs();
  }

  /// The merged cells of one span.
  static Status gather(const Side& side, Resolution as, TimeMs from, const metrics::Needs& needs,
                       const std::vector<bool>& wanted, Cells& cells) {
    return side.view.visit(side.resolution, from, from + span_ms(as), needs, wanted,
                           [&](SeriesId series, TimeMs bucket, const metrics::Cell& cell) {
                             cells[{series, bucket_start(bucket, length_ms(as))}].merge(cell);
                           });
  }

  void compare(const Cells& cells, const Cells& expected, Resolution resolution, const char* by,
               std::uint64_t& wrong) {
    const metrics::Cell none;
    const auto report = [&](const Key& key, const std::string& what) {
      if (++wrong > kNamedMax) return;
      found_.faults.push_back(std::string(to_string(resolution)) + " cell of " +
                              format_rfc3339(key.second) + ", " + labels(key.first) + ": " + what +
                              " as " + by + " has");
    };
    for (const auto& [key, should] : expected) {
      const auto at = cells.find(key);
      ++found_.cells;
      const std::string what = difference(at == cells.end() ? none : at->second, should);
      if (!what.empty()) report(key, what);
    }
    for (const auto& [key, cell] : cells) {
      if (expected.count(key) == 0) report(key, difference(cell, none));
    }
  }

  std::string labels(SeriesId id) const {
    if (id == kOverflowSeries) return "the overflow series";
    std::string text;
    const SeriesIndex& index = view_.index();
    for (std::size_t d = 0; d < index.dimensions().size(); ++d) {
      const std::string_view value = index.label(id, d);
      if (value.empty()) continue;
      text += (text.empty() ? "" : " ") + index.dimensions()[d] + "=" + std::string(value);
    }
    return text.empty() ? "series " + std::to_string(id) : text;
  }

  const std::shared_ptr<const store::Snapshot> snapshot_;
  const Rollups& rollups_;
  const CellView view_;
  const LogReach& log_;
  const Clock& clock_;
  CellCheck& found_;
};

}  // namespace

Status check_cells(store::Store& store, const Rollups& rollups, const LogReach& log,
                   const Clock& clock, CellCheck& found) {
  return CellChecker(store, rollups, log, clock, found).run();
}

}  // namespace vitals::series
