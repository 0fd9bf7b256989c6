#include "ledger.h"

#include <vitals/store/rewrite.h>

namespace vitals::notify {

Result<std::vector<StoredRow>> rows_between(const store::Snapshot& snapshot, store::Table table,
                                            const std::string& begin, const std::string& end,
                                            std::size_t rows_max) {
  std::vector<StoredRow> rows;
  const auto cursor = snapshot.scan(table, begin, end);
  for (; cursor->valid() && rows.size() < rows_max; cursor->next()) {
    rows.push_back({std::string(cursor->key()), decode(cursor->value())});
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return rows;
}

namespace {

/// After the last of the space; 0 when it is empty.
Result<std::uint64_t> number_after(const store::Store& store, store::Table table, Space space) {
  const auto snapshot = store.snapshot();
  const auto newest =
      snapshot->scan(table, begin_of(space), end_of(space), store::Direction::backward);
  if (newest->valid()) return number_of(newest->key()) + 1;
  if (auto status = newest->status(); !status) return std::move(status).error();
  return std::uint64_t{0};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(store::Store& store, Logger logger) {
  const auto table = store.table("outbox");
  if (!table) return table.error();
  auto log = Archive::open(store, *table, Space::log);
  if (!log) return std::move(log).error();
  auto dead = Archive::open(store, *table, Space::dead);
  if (!dead) return std::move(dead).error();
  std::unique_ptr<Ledger> ledger(
      new Ledger(store, std::move(logger), *table, *std::move(log), *std::move(dead)));
  if (auto taken = ledger->take_over_old_rows(); !taken) return std::move(taken).error();

  const auto waiting = number_after(store, *table, Space::waiting);
  if (!waiting) return waiting.error();
  ledger->next_number_ = *waiting;
  // A dead letter that was put back still has its number.
  const auto put_back = number_after(store, *table, Space::put_back);
  if (!put_back) return put_back.error();
  ledger->dead_.number_from(*put_back);
  return ledger;
}

/// Rows used to be kept by receiver; their numbers were those of all.
Status Ledger::take_over_old_rows() {
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, begin_of(Space::old), end_of(Space::old));
  store::WriteBatch changes;
  for (; cursor->valid(); cursor->next()) {
    changes.put(table_, numbered_key(Space::waiting, number_of(cursor->key())), cursor->value());
    changes.erase(table_, cursor->key());
  }
  if (auto status = cursor->status(); !status) return status;
  return changes.empty() ? Status() : store_.commit(changes, store::Sync::yes);
}

Result<std::vector<StoredRow>> Ledger::unread(std::size_t rows_max) {
  auto rows = rows_between(*store_.snapshot(), table_, numbered_key(Space::waiting, next_unread_),
                           end_of(Space::waiting), rows_max);
  if (rows && !rows->empty()) next_unread_ = number_of(rows->back().key) + 1;
  return rows;
}

Result<std::vector<StoredRow>> Ledger::all(Space space) const {
  return from(begin_of(space), space);
}

Result<std::vector<StoredRow>> Ledger::from(const std::string& key, Space space) const {
  return rows_between(*store_.snapshot(), table_, key, end_of(space));
}

Result<std::optional<Row>> Ledger::read(const std::string& key) const {
  const auto bytes = store_.snapshot()->get(table_, key);
  if (!bytes) return bytes.error();
  if (!bytes->has_value()) return std::optional<Row>();
  auto row = decode(**bytes);
  if (!row) return std::move(row).error();
  return std::optional<Row>(*std::move(row));
}

void Ledger::finish(const std::string& key, Row row) {
  if (!key.empty()) erase(key);
  if (row.delivery.state == DeliveryState::dead) {
    dead_.add(row, rows_max_, changes_);
    return;
  }
  row.alert.reset();
  row.body.clear();
  row.memory.clear();
  log_.add(row, rows_max_, changes_);
}

std::string Ledger::put_back(const std::string& key, Row& row) {
  std::string waiting = numbered_key(Space::put_back, number_of(key));
  erase(key);
  put(waiting, row);
  return waiting;
}

void Ledger::keep(std::uint32_t rows_max) {
  rows_max_ = rows_max;
  log_.trim(rows_max, changes_);
  dead_.trim(rows_max, changes_);
}

Result<std::uint64_t> Ledger::forget(const model::Persons& persons) {
  // Else what was decided before would bring them back.
  if (auto status = commit(store::Sync::yes); !status) return std::move(status).error();
  const auto edit = [&](std::string_view row) { return model::if_named(row, persons); };
  auto rewritten = store::rewrite(*store_.snapshot(), table_, edit, changes_);
  if (!rewritten) return rewritten;
  if (auto status = commit(store::Sync::yes); !status) return std::move(status).error();
  return rewritten;
}

Status Ledger::commit(store::Sync sync) {
  if (changes_.empty()) return {};
  Status status = store_.commit(changes_, sync);
  if (status) {
    changes_ = {};
  } else if (storing_) {
    logger_->error("cannot write the outbox, trying again: {}", status.error().message);
  }
  storing_ = status.ok();
  return status;
}

}  // namespace vitals::notify
