#include "storage.h"

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

#include "bytes.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kProgressVersion = 3;  // 1 had no kept_since, 2 no open days

constexpr std::int64_t kDaysMax = std::numeric_limits<TimeMs>::max() / kDayMs;

}  // namespace

Status open_tables(store::Store& store, Rollups::Storage& storage) {
  for (const auto& [name, table] :
       {std::pair<const char*, store::Table*>{"cells", &storage.tables.chunks},
        {"cell_directory", &storage.tables.directory},
        {"cell_state", &storage.state},
        {"cell_dirty_days", &storage.dirty},
        {"series", &storage.series}}) {
    const Result<store::Table> made = store.table(name);
    if (!made) return made.error();
    *table = *made;
  }
  return {};
}

std::string encode_progress(const Progress& progress) {
  std::string bytes(1, static_cast<char>(kProgressVersion));
  put_varint(bytes, progress.watermark);
  put_varint(bytes, progress.overflow_events);
  for (const TimeMs time : progress.kept_since) put_varint(bytes, zigzag(time));
  put_varint(bytes, progress.open_days.size());
  for (const TimeMs day : progress.open_days) put_varint(bytes, zigzag(day / kDayMs));
  return bytes;
}

Result<Progress> read_progress(const store::Snapshot& snapshot, store::Table state) {
  const auto bytes = snapshot.get(state, kProgressKey);
  if (!bytes) return bytes.error();
  if (!*bytes) return Progress{};
  ByteReader in(**bytes);
  const std::uint8_t version = in.byte();
  Progress progress;
  progress.watermark = in.varint();
  progress.overflow_events = in.varint();
  if (version >= 2) {
    for (TimeMs& time : progress.kept_since) time = unzigzag(in.varint());
  }
  if (version >= 3) {
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      const std::int64_t day = unzigzag(in.varint());
      Days& days = progress.open_days;
      const bool sane = day > -kDaysMax && day < kDaysMax;
      if (!sane || (!days.empty() && days.back() >= day * kDayMs)) in.fail();
      if (in.ok()) days.push_back(day * kDayMs);
    }
  }
  if (!in.ok() || !in.at_end() || version == 0 || version > kProgressVersion) {
    return Error{Errc::corruption, "the watermark of the cells is damaged"};
  }
  return progress;
}

Status check_dimensions(store::Store& store, store::Table state,
                        const std::vector<std::string>& dimensions) {
  if (dimensions.empty()) return Error{Errc::invalid_argument, "no series dimensions are given"};
  for (const std::string& dimension : dimensions) {
    if (!model::is_field(dimension)) {
      return Error{Errc::invalid_argument, "series dimension is not a field: " + dimension};
    }
  }
  std::string wanted;
  for (const std::string& dimension : dimensions) put_text(wanted, dimension);
  const auto saved = store.snapshot()->get(state, kDimensionsKey);
  if (!saved) return saved.error();
  if (!*saved) {
    store::WriteBatch changes;
    changes.put(state, kDimensionsKey, wanted);
    return store.commit(changes, store::Sync::no);
  }
  if (**saved == wanted) return {};
  std::string names;
  for (ByteReader in(**saved); in.ok() && !in.at_end();) {
    names += (names.empty() ? "" : ", ") + std::string(in.text());
  }
  return Error{Errc::invalid_argument,
               "this data folder was made with the series dimensions " + names +
                   ": configure those again, or import the events into a new data folder"};
}

TimeMs oldest_bucket(TimeMs now, DurationMs retention_ms) {
  return now < 0 || retention_ms > std::numeric_limits<TimeMs>::max() - now ? kBeginning
                                                                            : now - retention_ms;
}

}  // namespace vitals::series
