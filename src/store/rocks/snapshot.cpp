#include "snapshot.h"

#include "translate.h"

namespace vitals::store {
namespace {

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(rocksdb::Slice slice) { return {slice.data(), slice.size()}; }

class RocksCursor final : public Cursor {
 public:
  RocksCursor(std::shared_ptr<const Database> database, Table table,
              const rocksdb::Snapshot* snapshot, std::string_view begin, std::string_view end,
              Direction direction, const std::string& folder)
      : database_(std::move(database)),
        begin_(begin),
        end_(end),
        direction_(direction),
        folder_(folder) {
    lower_ = begin_;
    upper_ = end_;
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    if (!begin_.empty()) options.iterate_lower_bound = &lower_;
    if (!end_.empty()) options.iterate_upper_bound = &upper_;
    if (!end_.empty() && end_ <= begin_) return;  // empty, whatever RocksDB makes of it
    at_.reset(database_->db().NewIterator(options, database_->handle(table)));
    if (direction == Direction::forward) {
      at_->SeekToFirst();
    } else {
      at_->SeekToLast();
    }
  }

  bool valid() const override { return at_ != nullptr && at_->Valid(); }
  void next() override {
    if (direction_ == Direction::forward) {
      at_->Next();
    } else {
      at_->Prev();
    }
  }
  std::string_view key() const override { return view(at_->key()); }
  std::string_view value() const override { return view(at_->value()); }
  Status status() const override {
    if (at_ == nullptr) return {};
    return to_status(at_->status(), folder_);
  }

 private:
  const std::shared_ptr<const Database> database_;
  const std::string begin_;
  const std::string end_;
  const Direction direction_;
  const std::string& folder_;
  rocksdb::Slice lower_;  // the iterator keeps their addresses
  rocksdb::Slice upper_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

/// Keeps the database open, which the bytes belong to.
class RocksValue final : public Value {
 public:
  explicit RocksValue(std::shared_ptr<const Database> database) : database_(std::move(database)) {}
  std::string_view bytes() const override { return view(pinned_); }
  rocksdb::PinnableSlice& pinned() { return pinned_; }

 private:
  const std::shared_ptr<const Database> database_;
  rocksdb::PinnableSlice pinned_;
};

class NoCursor final : public Cursor {
 public:
  bool valid() const override { return false; }
  void next() override {}
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  Status status() const override { return not_open(); }
};

class NoSnapshot final : public Snapshot {
 public:
  Result<std::optional<std::string>> get(Table, std::string_view) const override {
    return not_open();
  }
  std::unique_ptr<Cursor> scan(Table, std::string_view, std::string_view,
                               Direction) const override {
    return std::make_unique<NoCursor>();
  }
};

}  // namespace

Result<std::unique_ptr<const Value>> RocksSnapshot::borrow(Table table, std::string_view key,
                                                           Cached cached) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.verify_checksums = false;
  options.fill_cache = cached == Cached::yes;
  auto value = std::make_unique<RocksValue>(database_);
  const rocksdb::Status status =
      database_->db().Get(options, database_->handle(table), slice(key), &value->pinned());
  if (status.IsNotFound()) return std::unique_ptr<const Value>();
  if (!status.ok()) return to_error(status, folder_);
  return std::unique_ptr<const Value>(std::move(value));
}

Result<std::optional<std::string>> RocksSnapshot::get(Table table, std::string_view key) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  std::string value;
  const rocksdb::Status status =
      database_->db().Get(options, database_->handle(table), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return to_error(status, folder_);
  return std::optional<std::string>(std::move(value));
}

std::unique_ptr<Cursor> RocksSnapshot::scan(Table table, std::string_view begin,
                                            std::string_view end, Direction direction) const {
  return std::make_unique<RocksCursor>(database_, table, snapshot_, begin, end, direction, folder_);
}

Error not_open() { return {Errc::unavailable, "store: it is being opened again"}; }

std::shared_ptr<const Snapshot> no_snapshot() { return std::make_shared<NoSnapshot>(); }

}  // namespace vitals::store
