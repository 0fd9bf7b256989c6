#include <vitals/model/matcher.h>
#include <vitals/registry/silences.h>
#include <vitals/store/rewrite.h>

#include "stored_object.h"

namespace vitals::registry {
namespace {

using nlohmann::json;

constexpr int kSilenceFormat = 1;

std::string encode(const model::Silence& silence) {
  json matchers = json::array();
  for (const model::Filter& matcher : silence.matchers) matchers.push_back(matcher.to_string());
  const json object = {{"format", kSilenceFormat}, {"id", silence.id},
                       {"matchers", matchers},     {"from", silence.from},
                       {"until", silence.until},   {"created_at", silence.created_at},
                       {"by", silence.by},         {"reason", silence.reason}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<model::Silence> decode_silence(std::string_view bytes) {
  return read_stored(
      "silence", kSilenceFormat, bytes, [](const json& object) -> Result<model::Silence> {
        model::Silence silence;
        object.at("id").get_to(silence.id);
        object.at("from").get_to(silence.from);
        object.at("until").get_to(silence.until);
        object.at("created_at").get_to(silence.created_at);
        object.at("by").get_to(silence.by);
        object.at("reason").get_to(silence.reason);
        for (const json& text : object.at("matchers")) {
          auto matcher = model::parse_matcher(text.get<std::string>());
          if (!matcher)
            return Error{Errc::corruption, "stored silence: " + matcher.error().message};
          silence.matchers.push_back(*std::move(matcher));
        }
        return silence;
      });
}

}  // namespace

Result<Silences> Silences::open(store::Store& store) {
  const auto table = store.table("silences");
  if (!table) return table.error();
  return Silences(store, *table);
}

void Silences::put(const model::Silence& silence, store::WriteBatch& changes) const {
  changes.put(table_, silence.id, encode(silence));
}

void Silences::erase(const std::string& id, store::WriteBatch& changes) const {
  changes.erase(table_, id);
}

Result<std::uint64_t> Silences::forget(const model::Persons& persons,
                                       store::WriteBatch& changes) const {
  const auto edit = [&](std::string_view silence) { return model::if_named(silence, persons); };
  return store::rewrite(*store_->snapshot(), table_, edit, changes);
}

Result<std::vector<model::Silence>> Silences::all(std::vector<Error>* unreadable) const {
  std::vector<model::Silence> silences;
  const auto snapshot = store_->snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    auto silence = decode_silence(cursor->value());
    if (silence) {
      silences.push_back(*std::move(silence));
    } else if (unreadable != nullptr) {
      const std::string id(cursor->key());
      unreadable->push_back({silence.error().code, id + ": " + silence.error().message});
    }
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return silences;
}

}  // namespace vitals::registry
