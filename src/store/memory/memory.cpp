#include <map>
#include <mutex>

#include <vitals/base/guarded.h>
#include <vitals/store/memory.h>

namespace vitals::store {
namespace {

using Keys = std::map<std::string, std::string, std::less<>>;
/// Keys are shared between snapshots and copied on write, so a snapshot costs one pointer a table.
using Tables = std::vector<std::shared_ptr<const Keys>>;

std::pair<Keys::const_iterator, Keys::const_iterator> range(const Keys& keys,
                                                            std::string_view begin,
                                                            std::string_view end) {
  const auto from = keys.lower_bound(begin);
  if (end.empty()) return {from, keys.end()};
  return {from, end <= begin ? from : keys.lower_bound(end)};
}

class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(std::shared_ptr<const Keys> keys, std::string_view begin, std::string_view end,
               Direction direction)
      : keys_(std::move(keys)), direction_(direction) {
    std::tie(begin_, end_) = range(*keys_, begin, end);
    left_ = static_cast<std::size_t>(std::distance(begin_, end_));
  }

  bool valid() const override { return left_ > 0; }
  void next() override {
    if (direction_ == Direction::forward) {
      ++begin_;
    } else {
      --end_;
    }
    --left_;
  }
  std::string_view key() const override { return at()->first; }
  std::string_view value() const override { return at()->second; }
  Status status() const override { return {}; }

 private:
  Keys::const_iterator at() const {
    return direction_ == Direction::forward ? begin_ : std::prev(end_);
  }

  std::shared_ptr<const Keys> keys_;
  Direction direction_;
  Keys::const_iterator begin_;
  Keys::const_iterator end_;
  std::size_t left_;
};

class MemorySnapshot final : public Snapshot {
 public:
  explicit MemorySnapshot(Tables tables) : tables_(std::move(tables)) {}

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override {
    const Keys& keys = *tables_[table.id];
    const auto found = keys.find(key);
    if (found == keys.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }

  std::unique_ptr<Cursor> scan(Table table, std::string_view begin, std::string_view end,
                               Direction direction) const override {
    return std::make_unique<MemoryCursor>(tables_[table.id], begin, end, direction);
  }

 private:
  Tables tables_;
};

void apply(const WriteBatch::Change& change, Keys& keys) {
  switch (change.kind) {
    case WriteBatch::Change::Kind::put:
      keys[change.key] = change.value;
      break;
    case WriteBatch::Change::Kind::erase:
      keys.erase(change.key);
      break;
    case WriteBatch::Change::Kind::erase_range:
      if (change.key < change.value) {
        const auto [from, to] = range(keys, change.key, change.value);
        keys.erase(from, to);
      }
      break;
  }
}

class MemoryStore final : public Store {
 public:
  Result<Table> table(std::string_view name) override {
    return state_.with([name](State& state) {
      const auto [found, made] =
          state.ids.try_emplace(std::string(name), static_cast<std::uint32_t>(state.ids.size()));
      if (made) state.tables.push_back(std::make_shared<Keys>());
      return Table{found->second};
    });
  }

  Status commit(const WriteBatch& batch, Sync) override {
    state_.with([&batch](State& state) {
      for (const WriteBatch::Change& change : batch.changes()) {
        apply(change, own(state.tables[change.table.id]));
      }
    });
    return {};
  }

  std::shared_ptr<const Snapshot> snapshot() const override {
    return std::make_shared<MemorySnapshot>(
        state_.with([](const State& state) { return state.tables; }));
  }

  Status drop(Table table, std::string_view begin, std::string_view end) override {
    WriteBatch batch;
    batch.erase_range(table, begin, end);
    return commit(batch, Sync::yes);
  }

  Status checkpoint(const std::string&) override {
    return Error{Errc::unprocessable, "a store in memory has no files to copy"};
  }

  Usage usage() const override {
    Usage usage;
    for (const auto& keys : state_.with([](const State& state) { return state.tables; })) {
      for (const auto& [key, value] : *keys) usage.memory_bytes += key.size() + value.size();
    }
    usage.live_bytes = usage.memory_bytes;
    return usage;
  }

  const RecoveryReport& recovery() const override { return recovery_; }

 private:
  struct State {
    std::map<std::string, std::uint32_t, std::less<>> ids;
    Tables tables;
  };

  /// The keys to write to: the table's own when no snapshot holds them, else a copy. Nobody else
  /// can be taking a snapshot of them meanwhile, as the state is locked.
  static Keys& own(std::shared_ptr<const Keys>& keys) {
    if (keys.use_count() != 1) keys = std::make_shared<Keys>(*keys);
    return const_cast<Keys&>(*keys);  // made above or in table(), never const itself
  }

  Guarded<State> state_;
  const RecoveryReport recovery_{};
};

}  // namespace

std::unique_ptr<Store> open_memory() { return std::make_unique<MemoryStore>(); }

}  // namespace vitals::store
