#include <vitals/base/time_text.h>
#include <vitals/series/check.h>
#include <vitals/store/pairs.h>

#include "bytes.h"
#include "cell_builder.h"
#include "series_table.h"
#include "storage.h"

namespace vitals::series {
namespace {

std::string name_of(const ChunkKey& key) {
  return std::string(to_string(key.span.resolution)) + " cells of " +
         format_rfc3339(key.span.start) + ", run " + std::to_string(key.run) + ", part " +
         std::to_string(key.part);
}

bool same(const ChunkSummary& a, const ChunkSummary& b) {
  return a.fullness == b.fullness && a.cells == b.cells && a.first_series == b.first_series &&
         a.last_series == b.last_series && a.first_bucket == b.first_bucket &&
         a.last_bucket == b.last_bucket;
}

class ChunkChecker {
 public:
  ChunkChecker(const ChunkTables& tables, const Progress& progress, std::size_t series,
               CellCheck& found)
      : tables_(tables), progress_(progress), series_(series), found_(found) {}

  void see(std::string_view bytes, std::optional<std::string_view> listed,
           const Result<std::optional<std::string>>& chunk) {
    const Result<ChunkKey> key = decode_key(bytes);
    if (!key) {
      found_.faults.push_back("a key of the cells' directory is damaged");
      return take_away(bytes);
    }
    // Retention lists them no more, or has only not yet freed them.
    const auto r = static_cast<std::size_t>(key->span.resolution);
    const bool dropped = key->span.end() <= progress_.kept_since[r];
    const bool both = listed && chunk && *chunk;
    if (dropped && !both) return;
    const auto fault = [&](const std::string& what) {
      found_.faults.push_back(name_of(*key) + ": " + what);
      found_.days.insert(bucket_start(key->span.start, length_ms(Resolution::day)));
    };
    if (!chunk) return fault(chunk.error().message);
    const Result<ChunkEntry> entry = decode_entry(listed.value_or(""));
    ChunkEntry is = entry ? *entry : ChunkEntry();
    const std::string wrong =
        *chunk ? read(*key, **chunk, is.summary) : std::string("the chunk is missing");
    if (!wrong.empty()) {
      fault(wrong);
      if (!entry) take_away(bytes);
      return;
    }
    ++found_.chunks;
    is.bytes = (*chunk)->size();
    if (entry && same(is.summary, entry->summary) && is.bytes == entry->bytes) return;
    fault(!listed ? "the directory does not list it" : "the directory describes it as another");
    found_.mending.put(tables_.directory, bytes, encode_entry(is));
  }

 private:
  /// What can neither be read nor named is in everybody's way.
  void take_away(std::string_view key) {
    found_.mending.erase(tables_.chunks, key);
    found_.mending.erase(tables_.directory, key);
  }

  /// Reads a whole chunk and sums it up; says what is wrong with it.
  std::string read(const ChunkKey& key, const std::string& bytes, ChunkSummary& summary) {
    const auto chunk = ChunkDecoder::open(bytes, metrics::Needs::everything(), reader_);
    if (!chunk) return chunk.error().message;
    if (chunk->resolution() != key.span.resolution) return "it has cells of another resolution";
    summary = {};
    summary.fullness = chunk->fullness();
    summary.cells = static_cast<std::uint32_t>(chunk->cells());
    metrics::Cell cell;
    for (std::size_t row = 0; row < chunk->cells(); ++row) {
      const TimeMs bucket = chunk->bucket(row);
      const SeriesId series = chunk->series(row);
      if (series >= series_) return "it names a series that is not known";
      if (bucket < key.span.start || bucket >= key.span.end()) return "it has cells of other times";
      if (Status decoded = chunk->read(row, cell); !decoded) return decoded.error().message;
      summary.first_bucket = row == 0 ? bucket : std::min(summary.first_bucket, bucket);
      summary.last_bucket = row == 0 ? bucket : std::max(summary.last_bucket, bucket);
      summary.first_series = row == 0 ? series : std::min(summary.first_series, series);
      summary.last_series = std::max(summary.last_series, series);
    }
    return "";
  }

  const ChunkTables tables_;
  const Progress& progress_;
  const std::size_t series_;
  CellCheck& found_;
  ColumnReader reader_;
};

Result<std::vector<std::string>> read_dimensions(const store::Snapshot& snapshot,
                                                 store::Table state) {
  const auto bytes = snapshot.get(state, kDimensionsKey);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::not_found, "there are no cells in this folder"};
  std::vector<std::string> names;
  ByteReader in(**bytes);
  while (in.ok() && !in.at_end()) names.emplace_back(in.text());
  if (!in.ok()) return Error{Errc::corruption, "the dimensions of the cells are damaged"};
  return names;
}

}  // namespace

Result<Options> saved_options(store::Store& store, Options options) {
  Rollups::Storage storage;
  if (Status opened = open_tables(store, storage); !opened) return std::move(opened).error();
  auto dimensions = read_dimensions(*store.snapshot(), storage.state);
  if (!dimensions) return std::move(dimensions).error();
  options.dimensions = *std::move(dimensions);
  const bool full_minutes = options.retention_ms[0] > options.raw_retention_ms;
  options.raw_retention_ms = full_minutes ? 0 : kForever;
  options.retention_ms.fill(kForever);
  return options;
}

Status forget_cells(store::Store& store) {
  Rollups::Storage storage;
  if (Status opened = open_tables(store, storage); !opened) return opened;
  store::WriteBatch changes;
  const std::string end(64, '\xff');  // after every key there is
  for (const store::Table table : {storage.tables.chunks, storage.tables.directory, storage.state,
                                   storage.dirty, storage.series}) {
    changes.erase_range(table, {}, end);
  }
  return store.commit(changes, store::Sync::yes);
}

Result<CellCheck> check_chunks(store::Store& store) {
  CellCheck found;
  Rollups::Storage storage;
  if (Status opened = open_tables(store, storage); !opened) return std::move(opened).error();
  const auto snapshot = store.snapshot();
  Progress progress;
  if (const auto read = read_progress(*snapshot, storage.state); read) {
    progress = *read;
  } else {
    found.faults.push_back(read.error().message);
  }
  auto dimensions = read_dimensions(*snapshot, storage.state);
  if (!dimensions) {
    found.faults.push_back(dimensions.error().message);
    return found;
  }
  SeriesTable series(storage.series, *std::move(dimensions), 0);
  if (Status loaded = series.load(*snapshot); !loaded) {
    found.faults.push_back(loaded.error().message);
    return found;
  }
  ChunkChecker checker(storage.tables, progress, series.index()->size(), found);
  const Status walked = store::visit_pairs(
      *snapshot, storage.tables.directory, storage.tables.chunks,
      [&checker](auto key, auto listed, const auto& chunk) { checker.see(key, listed, chunk); });
  if (!walked) {
    found.faults.push_back("the cells' directory cannot be read any further: " +
                           walked.error().message);
  }
  return found;
}

}  // namespace vitals::series
