#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/persons.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// An erasure that was asked for and is not done: what a start needs to finish it. A plain value.
struct Erasure {
  std::string id;  ///< UUIDv7; nothing of the user is in it
  TimeMs asked_at = 0;
  std::uint64_t before = 0;  ///< log position: later events came after it was asked for
  model::Persons persons;
  bool sessions_known = false;  ///< all sessions of the users' events are among `persons`
  bool rewritten = false;       ///< only files of before are left to go; `persons` is empty then
  /// Of the disguise of their ids: a start must go on with it, as rows of an execution may be
  /// rewritten already. Made before the first is; gone once `rewritten`.
  std::optional<Pseudonyms::Key> id_key = std::nullopt;

  bool operator==(const Erasure&) const = default;
};

/// Erasures that are not done, in the store (docs/formats/erasure.md). Changes are added to the
/// caller's batch; reading is thread-safe.
class Erasures {
 public:
  static Result<Erasures> open(store::Store& store);

  void put(const Erasure& erasure, store::WriteBatch& changes) const;
  void remove(const std::string& id, store::WriteBatch& changes) const;
  /// Oldest first. Errors: corruption naming the record, those of the store.
  Result<std::vector<Erasure>> all() const;
  store::Table table() const { return table_; }

 private:
  Erasures(store::Store& store, store::Table table) : store_(&store), table_(table) {}

  store::Store* store_;
  store::Table table_;
};

}  // namespace vitals::registry
