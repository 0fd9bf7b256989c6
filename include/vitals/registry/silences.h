#pragma once

#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/persons.h>
#include <vitals/model/silence.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// Silences as they are stored (docs/formats/silence.md). Changes are added to the caller's batch;
/// reading is thread-safe.
class Silences {
 public:
  static Result<Silences> open(store::Store& store);

  void put(const model::Silence& silence, store::WriteBatch& changes) const;
  void erase(const std::string& id, store::WriteBatch& changes) const;
  /// Also those that are over, oldest first. One that cannot be read keeps nobody quiet: it is left
  /// out, and why is added to `unreadable`. Errors: those of the store.
  Result<std::vector<model::Silence>> all(std::vector<Error>* unreadable = nullptr) const;

  /// Takes persons' pseudonyms out of every silence, and their conditions.
  Result<std::uint64_t> forget(const model::Persons& persons, store::WriteBatch& changes) const;
  /// As Store::purge(), of all silences.
  Result<bool> purge() const { return store_->purge(table_, {}, {}); }

 private:
  Silences(store::Store& store, store::Table table) : store_(&store), table_(table) {}

  store::Store* store_;
  store::Table table_;
};

}  // namespace vitals::registry
