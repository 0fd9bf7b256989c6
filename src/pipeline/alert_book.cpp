#include <string>
#include <utility>

#include <vitals/notify/alert_json.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/store/keys.h>
#include <vitals/store/rewrite.h>

namespace vitals::pipeline {
namespace {

constexpr std::string_view kEvaluated = "evaluated";

/// History sorts by the time of resolution.
std::string history_key(const model::Alert& alert) {
  std::string key;
  store::put_time(key, alert.resolved_at);
  return key + alert.id;
}

using Visitor = std::function<void(model::Alert)>;

Status visit(const store::Snapshot& snapshot, store::Table table, std::string_view begin,
             store::Direction direction, std::size_t limit, const Visitor& visitor) {
  auto cursor = snapshot.scan(table, begin, {}, direction);
  for (std::size_t i = 0; cursor->valid() && i < limit; cursor->next(), ++i) {
    auto alert = notify::decode_alert(cursor->value());
    if (!alert) return std::move(alert).error();
    visitor(*std::move(alert));
  }
  return cursor->status();
}

Result<std::vector<model::Alert>> read(const store::Snapshot& snapshot, store::Table table,
                                       std::string_view begin, store::Direction direction,
                                       std::size_t limit) {
  std::vector<model::Alert> alerts;
  auto read = visit(snapshot, table, begin, direction, limit,
                    [&](model::Alert alert) { alerts.push_back(std::move(alert)); });
  if (!read) return std::move(read).error();
  return alerts;
}

}  // namespace

Result<AlertBook> AlertBook::open(store::Store& store) {
  const auto open = store.table("alerts_open");
  if (!open) return open.error();
  const auto history = store.table("alerts_history");
  if (!history) return history.error();
  const auto health = store.table("health");
  if (!health) return health.error();
  return AlertBook(store, *open, *history, *health);
}

void AlertBook::record(const model::Alert& alert, store::WriteBatch& changes) const {
  if (alert.status != model::AlertStatus::resolved) {
    changes.put(open_, alert.id, notify::encode(alert));
    return;
  }
  changes.erase(open_, alert.id);
  if (alert.firing_since != 0) changes.put(history_, history_key(alert), notify::encode(alert));
}

Result<std::vector<model::Alert>> AlertBook::open_alerts() const {
  return read(*store_->snapshot(), open_, {}, store::Direction::forward, SIZE_MAX);
}

Result<std::vector<model::Alert>> AlertBook::history(std::uint32_t limit, TimeMs since) const {
  std::string begin;
  store::put_time(begin, since);
  return read(*store_->snapshot(), history_, begin, store::Direction::backward, limit);
}

Status AlertBook::visit(TimeMs since, const Visitor& visitor) const {
  const auto snapshot = store_->snapshot();
  const auto forward = store::Direction::forward;
  if (auto open = pipeline::visit(*snapshot, open_, {}, forward, SIZE_MAX, visitor); !open) {
    return open;
  }
  std::string begin;
  store::put_time(begin, since);
  return pipeline::visit(*snapshot, history_, begin, forward, SIZE_MAX, visitor);
}

Status AlertBook::visit_latest(std::uint32_t limit, const Visitor& visitor) const {
  const auto snapshot = store_->snapshot();
  const auto forward = store::Direction::forward;
  if (auto open = pipeline::visit(*snapshot, open_, {}, forward, SIZE_MAX, visitor); !open) {
    return open;
  }
  return pipeline::visit(*snapshot, history_, {}, store::Direction::backward, limit, visitor);
}

Result<std::optional<model::Alert>> AlertBook::find(std::string_view id) const {
  const auto found = [](std::string_view bytes) -> Result<std::optional<model::Alert>> {
    auto alert = notify::decode_alert(bytes);
    if (!alert) return std::move(alert).error();
    return std::optional(*std::move(alert));
  };
  const auto snapshot = store_->snapshot();
  const auto open = snapshot->get(open_, id);
  if (!open) return open.error();
  if (open->has_value()) return found(**open);
  auto cursor = snapshot->scan(history_, {}, {}, store::Direction::backward);
  for (; cursor->valid(); cursor->next()) {
    if (cursor->key().substr(sizeof(TimeMs)) == id) return found(cursor->value());
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return std::optional<model::Alert>();
}

void AlertBook::mark_evaluated(TimeMs now, store::WriteBatch& changes) const {
  std::string value;
  store::put_time(value, now);
  changes.put(health_, kEvaluated, value);
}

Result<TimeMs> AlertBook::evaluated_at() const {
  const auto value = store_->snapshot()->get(health_, kEvaluated);
  if (!value) return value.error();
  if (!value->has_value() || (*value)->size() != sizeof(TimeMs)) return TimeMs{0};
  return store::get_time(**value);
}

void AlertBook::expire(TimeMs before, store::WriteBatch& changes) const {
  std::string end;
  store::put_time(end, before);
  // Looks first: a tombstone for nothing would be one more every minute.
  if (store_->snapshot()->scan(history_, {}, end)->valid()) changes.erase_range(history_, {}, end);
}

Result<std::uint64_t> AlertBook::forget(const model::Persons& persons,
                                        store::WriteBatch& changes) const {
  const auto edit = [&](std::string_view alert) { return model::if_named(alert, persons); };
  const auto snapshot = store_->snapshot();
  auto open = store::rewrite(*snapshot, open_, edit, changes);
  if (!open) return open;
  auto history = store::rewrite(*snapshot, history_, edit, changes);
  if (!history) return history;
  return *open + *history;
}

Result<bool> AlertBook::purge() const {
  auto open = store_->purge(open_, {}, {});
  if (!open) return open;
  auto history = store_->purge(history_, {}, {});
  if (!history) return history;
  return *open && *history;
}

}  // namespace vitals::pipeline
