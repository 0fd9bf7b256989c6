#include <algorithm>
#include <limits>
#include <utility>

#include "block_reader.h"
#include "stored_log.h"

namespace vitals::events {
namespace {

/// Collects the numbers of names that blocks refer to.
class UsedNames final : public NameSource {
 public:
  Status names(model::Label field, std::uint64_t /*epoch*/, std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override {
    std::vector<bool>& used = used_[index(field)];
    for (const std::uint64_t number : numbers) {
      if (number >= used.size() && number <= kNamesMax) used.resize(number + 1);
      if (number < used.size()) used[number] = true;
    }
    texts.assign(numbers.size(), "?");
    return {};
  }
  bool has(model::Label field, std::uint64_t number) const {
    const std::vector<bool>& used = used_[index(field)];
    return number < used.size() && used[number];
  }

 private:
  std::array<std::vector<bool>, model::kLabelCount> used_;
};

NameChunk used_part(const NameChunk& chunk, model::Label field, const UsedNames& used) {
  NameChunk part;
  for (std::size_t i = 0; i < chunk.numbers.size(); ++i) {
    if (!used.has(field, chunk.numbers[i])) continue;
    part.numbers.push_back(chunk.numbers[i]);
    part.texts.push_back(chunk.texts.at(i));
  }
  return part;
}

/// Marks the names of one epoch that blocks refer to.
Status find_used(const store::Snapshot& snapshot, const EventLog::Tables& tables,
                 std::uint64_t epoch, UsedNames& used) {
  BlockReader reader(snapshot, tables.blocks, used);
  Block block;
  IndexWalk walk(snapshot, tables.index, 0, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) {
    if (walk.entry().epoch != epoch) continue;
    for (const model::Label field : kNameFields) {
      model::ColumnSet columns;
      columns.add(field);
      // A damaged column needs no names any more.
      const Result<bool> read = reader.find(walk.entry().first, columns, block);
      if (!read && read.error().code != Errc::corruption) return read.error();
    }
  }
  return walk.status();
}

}  // namespace

std::uint64_t StoredLog::epoch_at_hand() const {
  const std::lock_guard lock(names_mutex_);
  return names_->epoch();
}

Result<std::uint64_t> StoredLog::forget_names() {
  const std::uint64_t current = epoch_at_hand();
  const auto snapshot = store_.snapshot();
  const auto marked = first_unused_names(*snapshot, tables_.state);
  if (!marked) return marked.error();
  // Blocks on their way may refer to names of the present epoch.
  if (!marked->has_value() || **marked >= current) return std::uint64_t{0};
  const std::uint64_t epoch = **marked;

  UsedNames used;
  if (Status found = find_used(*snapshot, tables_, epoch, used); !found) {
    return std::move(found).error();
  }
  store::WriteBatch changes;
  clear_unused_names(changes, tables_.state, epoch);
  NameChunkCodec codec;
  for (const model::Label field : kNameFields) {
    const auto cursor =
        snapshot->scan(tables_.names, names_begin(epoch, field), names_end(epoch, field));
    for (; cursor->valid(); cursor->next()) {
      const Result<NameChunk> chunk = codec.decode(cursor->key(), cursor->value());
      if (!chunk) {
        logger_->error("events: names that are unused may stay: {}", chunk.error().message);
        continue;
      }
      const NameChunk part = used_part(*chunk, field, used);
      if (part.numbers.size() == chunk->numbers.size()) continue;
      if (part.numbers.empty()) {
        changes.erase(tables_.names, cursor->key());
        continue;
      }
      const Result<std::string> value = codec.encode(cursor->key(), part);
      if (!value) return value.error();
      changes.put(tables_.names, cursor->key(), *value);
    }
    if (Status status = cursor->status(); !status) return std::move(status).error();
  }
  // Synced: whoever asked for an erasure is told that the names are gone.
  if (Status committed = store_.commit(changes, store::Sync::yes); !committed) {
    return std::move(committed).error();
  }
  name_cache_.forget(epoch);
  return std::uint64_t{1};
}

}  // namespace vitals::events
