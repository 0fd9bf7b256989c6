#include <vitals/registry/erasures.h>

#include "key_ring.h"
#include "stored_object.h"

namespace vitals::registry {
namespace {

using nlohmann::json;

constexpr int kErasureFormat = 1;

std::string encode(const Erasure& erasure) {
  const json object = {{"format", kErasureFormat},
                       {"id", erasure.id},
                       {"asked_at", erasure.asked_at},
                       {"before", erasure.before},
                       {"users", erasure.persons.users},
                       {"sessions", erasure.persons.sessions},
                       {"sessions_known", erasure.sessions_known},
                       {"rewritten", erasure.rewritten},
                       {"id_key", erasure.id_key ? hex_of_key(*erasure.id_key) : ""}};
  return object.dump();
}

Result<Erasure> decode_erasure(std::string_view bytes) {
  return read_stored("erasure", kErasureFormat, bytes, [](const json& object) -> Result<Erasure> {
    Erasure erasure;
    object.at("id").get_to(erasure.id);
    object.at("asked_at").get_to(erasure.asked_at);
    object.at("before").get_to(erasure.before);
    erasure.persons.users = object.at("users").get<model::Persons::Names>();
    erasure.persons.sessions = object.at("sessions").get<model::Persons::Names>();
    object.at("sessions_known").get_to(erasure.sessions_known);
    object.at("rewritten").get_to(erasure.rewritten);
    // Versions before had none.
    if (const std::string key = object.value("id_key", ""); !key.empty()) {
      if (!parse_key(key, erasure.id_key.emplace())) {
        return Error{Errc::corruption, "the key of a stored erasure is damaged"};
      }
    }
    return erasure;
  });
}

}  // namespace

Result<Erasures> Erasures::open(store::Store& store) {
  const auto table = store.table("erasures");
  if (!table) return table.error();
  return Erasures(store, *table);
}

void Erasures::put(const Erasure& erasure, store::WriteBatch& changes) const {
  changes.put(table_, erasure.id, encode(erasure));
}

void Erasures::remove(const std::string& id, store::WriteBatch& changes) const {
  changes.erase(table_, id);
}

Result<std::vector<Erasure>> Erasures::all() const {
  std::vector<Erasure> erasures;
  const auto snapshot = store_->snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    auto erasure = decode_erasure(cursor->value());
    if (!erasure) return std::move(erasure).error();
    erasures.push_back(*std::move(erasure));
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return erasures;
}

}  // namespace vitals::registry
