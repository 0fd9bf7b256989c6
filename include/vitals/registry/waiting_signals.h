#pragma once

#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/signal.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// A signal whose execution is not known yet.
struct WaitingSignal {
  model::Signal signal;
  TimeMs since_ms = 0;  ///< it came

  bool operator==(const WaitingSignal&) const = default;
};

/// Signals that wait for their executions, as they are stored (docs/formats/signal.md). Changes are
/// added to the caller's batch; reading is thread-safe.
class WaitingSignals {
 public:
  static Result<WaitingSignals> open(store::Store& store);

  void put(const WaitingSignal& waiting, store::WriteBatch& changes) const;
  void erase(const model::Signal& signal, store::WriteBatch& changes) const;
  /// In no certain order. One that cannot be read is left out, and why is added to `unreadable`.
  /// Errors: those of the store.
  Result<std::vector<WaitingSignal>> all(std::vector<Error>* unreadable = nullptr) const;
  /// store::Store::purge() of the table.
  Result<bool> purge() const { return store_->purge(table_, {}, {}); }

 private:
  WaitingSignals(store::Store& store, store::Table table) : store_(&store), table_(table) {}

  store::Store* store_;
  store::Table table_;
};

}  // namespace vitals::registry
