#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/model/persons.h>
#include <vitals/store/store.h>

namespace vitals::pipeline {

/// Every alert that is open or was firing, in the store. Changes are added to the caller's batch;
/// reading is thread-safe.
class AlertBook {
 public:
  static Result<AlertBook> open(store::Store& store);

  /// Records the alert's present state.
  void record(const model::Alert& alert, store::WriteBatch& changes) const;

  /// Pending and firing alerts, oldest first.
  Result<std::vector<model::Alert>> open_alerts() const;
  /// Alerts that had fired and were resolved at `since` or later, newest first.
  Result<std::vector<model::Alert>> history(std::uint32_t limit, TimeMs since = INT64_MIN) const;
  /// Open alerts and those of the history, one at a time: however many there are.
  Status visit(TimeMs since, const std::function<void(model::Alert)>& visitor) const;
  /// Open alerts, and of the history the `limit` that were resolved last, newest first.
  Status visit_latest(std::uint32_t limit, const std::function<void(model::Alert)>& visitor) const;
  Result<std::optional<model::Alert>> find(std::string_view id) const;

  /// When rules were evaluated last, as far as was marked; 0 before the first time.
  void mark_evaluated(TimeMs now, store::WriteBatch& changes) const;
  Result<TimeMs> evaluated_at() const;

  /// Forgets alerts resolved before this time.
  void expire(TimeMs before, store::WriteBatch& changes) const;

  /// Takes persons' pseudonyms out of every alert; returns how many had one. Whoever records alerts
  /// must not do so meanwhile.
  Result<std::uint64_t> forget(const model::Persons& persons, store::WriteBatch& changes) const;
  /// As Store::purge(), of all alerts.
  Result<bool> purge() const;

 private:
  AlertBook(store::Store& store, store::Table open, store::Table history, store::Table health)
      : store_(&store), open_(open), history_(history), health_(health) {}

  store::Store* store_;
  store::Table open_;
  store::Table history_;
  store::Table health_;  ///< the spine's small change
};

}  // namespace vitals::pipeline
