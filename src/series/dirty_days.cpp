#include "dirty_days.h"

#include <algorithm>

#include <vitals/base/clock.h>
#include <vitals/series/resolution.h>
#include <vitals/store/keys.h>

namespace vitals::series {
namespace {

std::string key_of(const DayRange& range) {
  std::string key;
  store::put_time(key, range.first);
  store::put_time(key, range.last);
  return key;
}

}  // namespace

void mark_days(store::WriteBatch& changes, store::Table table, TimeMs from_ms, TimeMs to_ms) {
  if (from_ms > to_ms) return;
  changes.put(table, key_of({bucket_start(from_ms, kDayMs), bucket_start(to_ms, kDayMs)}), "");
}

Result<std::vector<DayRange>> marked_days(const store::Snapshot& snapshot, store::Table table) {
  std::vector<DayRange> ranges;
  const auto cursor = snapshot.scan(table, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const std::string_view key = cursor->key();
    if (key.size() != 16) return Error{Errc::corruption, "a note of days to rebuild is damaged"};
    ranges.push_back({store::get_time(key, 0), store::get_time(key, 8)});
  }
  if (Status walked = cursor->status(); !walked) return std::move(walked).error();
  return ranges;
}

std::optional<TimeMs> first_marked(const std::vector<DayRange>& marked, TimeMs from) {
  std::optional<TimeMs> first;
  for (const DayRange& range : marked) {
    const TimeMs day = std::max(range.first, from);
    if (day <= range.last && (!first || day < *first)) first = day;
  }
  return first;
}

void unmark_day(store::WriteBatch& changes, store::Table table, const std::vector<DayRange>& marked,
                TimeMs day) {
  for (const DayRange& range : marked) {
    if (day < range.first || day > range.last) continue;
    changes.erase(table, key_of(range));
    if (range.first < day) changes.put(table, key_of({range.first, day - kDayMs}), "");
    if (day < range.last) changes.put(table, key_of({day + kDayMs, range.last}), "");
  }
}

}  // namespace vitals::series
