#include <algorithm>
#include <utility>

#include <vitals/base/clock.h>
#include <vitals/registry/error_templates.h>

#include "stored_object.h"

namespace vitals::registry {
namespace {

using nlohmann::json;

constexpr int kTemplateFormat = 1;

std::string encode(std::string_view text, TimeMs seen) {
  const json object = {{"format", kTemplateFormat}, {"seen", seen}, {"template", text}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::pair<std::string, TimeMs>> decode_template(std::string_view bytes) {
  return read_stored("template", kTemplateFormat, bytes,
                     [](const json& object) -> Result<std::pair<std::string, TimeMs>> {
                       return std::pair(object.at("template").get<std::string>(),
                                        object.at("seen").get<TimeMs>());
                     });
}

}  // namespace

Result<std::unique_ptr<ErrorTemplates>> ErrorTemplates::open(store::Store& store,
                                                             std::vector<Error>* unreadable) {
  const auto table = store.table("error_templates");
  if (!table) return table.error();
  std::unique_ptr<ErrorTemplates> templates(new ErrorTemplates(store, *table));
  if (auto loaded = templates->load(unreadable); !loaded) return std::move(loaded).error();
  return templates;
}

Status ErrorTemplates::load(std::vector<Error>* unreadable) {
  Known known;
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const std::string type(cursor->key());
    if (auto row = decode_template(cursor->value())) {
      known[type] = {std::move(row->first), row->second};
    } else if (unreadable != nullptr) {
      unreadable->push_back({row.error().code, type + ": " + row.error().message});
    }
  }
  if (auto status = cursor->status(); !status) return status;
  known_.with([&known](Known& mine) { mine = std::move(known); });
  return {};
}

std::optional<bool> ErrorTemplates::look_up(std::string_view type, std::string_view text,
                                            TimeMs now) const {
  return known_.with([&](const Known& known) -> std::optional<bool> {
    if (const auto found = known.find(type); found != known.end()) {
      if (found->second.text != text) return false;
      if (now < found->second.seen + kDayMs) return true;
      return std::nullopt;
    }
    const bool room = known.size() < kTemplatesMax ||
                      std::any_of(known.begin(), known.end(), [now](const auto& other) {
                        return other.second.seen + kForgottenAfterMs < now;
                      });
    return room ? std::nullopt : std::optional(false);
  });
}

Result<bool> ErrorTemplates::note(std::string_view type, std::string_view text, TimeMs now) {
  if (const auto said = look_up(type, text, now)) return *said;
  const std::lock_guard lock(writing_);
  if (const auto said = look_up(type, text, now)) return *said;
  // The one that was not met for longest, where there is no other room.
  const auto forgotten = known_.with([type](const Known& known) -> std::optional<std::string> {
    if (known.size() < kTemplatesMax || known.contains(type)) return std::nullopt;
    return std::min_element(
               known.begin(), known.end(),
               [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; })
        ->first;
  });
  store::WriteBatch change;
  if (forgotten) change.erase(table_, *forgotten);
  change.put(table_, type, encode(text, now));
  if (auto stored = store_.commit(change, store::Sync::no); !stored) {
    return std::move(stored).error();
  }
  known_.with([&](Known& known) {
    if (forgotten) known.erase(*forgotten);
    known[std::string(type)] = {std::string(text), now};
  });
  return true;
}

std::optional<std::string> ErrorTemplates::find(std::string_view type) const {
  return known_.with([type](const Known& known) -> std::optional<std::string> {
    const auto found = known.find(type);
    if (found == known.end()) return std::nullopt;
    return found->second.text;
  });
}

std::size_t ErrorTemplates::size() const {
  return known_.with([](const Known& known) { return known.size(); });
}

}  // namespace vitals::registry
