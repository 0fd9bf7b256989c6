#include <optional>

#include <vitals/base/digest.h>
#include <vitals/registry/waiting_signals.h>
#include <vitals/store/keys.h>

#include "stored_object.h"

namespace vitals::registry {
namespace {

using nlohmann::json;

constexpr int kSignalFormat = 1;

constexpr std::pair<model::RowKind, std::string_view> kKindNames[] = {
    {model::RowKind::feedback, "feedback"},
    {model::RowKind::interaction, "interaction"},
    {model::RowKind::assessment, "assessment"},
};

std::string_view name_of(model::RowKind kind) {
  for (const auto& [named, name] : kKindNames) {
    if (named == kind) return name;
  }
  return "";
}

std::optional<model::RowKind> kind_named(std::string_view wanted) {
  for (const auto& [kind, name] : kKindNames) {
    if (name == wanted) return kind;
  }
  return std::nullopt;
}

std::optional<model::Number> number_named(std::string_view name) {
  for (const model::NumberField& field : model::kNumberFields) {
    if (field.name == name) return field.number;
  }
  return std::nullopt;
}

std::string encode(const WaitingSignal& waiting) {
  const model::Signal& signal = waiting.signal;
  json numbers = json::object();
  for (const auto& [number, value] : signal.numbers) {
    numbers[std::string(model::kNumberFields[model::index(number)].name)] = value;
  }
  json object = {{"format", kSignalFormat},
                 {"kind", name_of(signal.kind)},
                 {"execution_id", signal.execution_id},
                 {"id", signal.id},
                 {"at", signal.time_ms},
                 {"since", waiting.since_ms},
                 {"numbers", numbers}};
  if (!signal.comment.empty()) object["comment"] = signal.comment;
  if (signal.distrusted) object["distrusted"] = true;
  if (signal.kind == model::RowKind::interaction) {
    object["action"] = signal.action;
    object["user"] = signal.user;
    object["session"] = signal.session;
  }
  return object.dump();
}

Result<WaitingSignal> decode_signal(std::string_view bytes) {
  return read_stored(
      "waiting signal", kSignalFormat, bytes, [](const json& object) -> Result<WaitingSignal> {
        WaitingSignal waiting;
        const auto kind = kind_named(object.at("kind").get<std::string>());
        if (!kind) return Error{Errc::corruption, "stored waiting signal of unknown kind"};
        waiting.signal.kind = *kind;
        object.at("execution_id").get_to(waiting.signal.execution_id);
        object.at("id").get_to(waiting.signal.id);
        object.at("at").get_to(waiting.signal.time_ms);
        object.at("since").get_to(waiting.since_ms);
        for (const auto& [name, value] : object.at("numbers").items()) {
          const auto number = number_named(name);
          if (!number)
            return Error{Errc::corruption, "stored waiting signal has the unknown number " + name};
          waiting.signal.numbers.emplace_back(*number, value.get<double>());
        }
        waiting.signal.distrusted = object.value("distrusted", false);
        if (object.contains("comment")) object.at("comment").get_to(waiting.signal.comment);
        if (*kind == model::RowKind::interaction) {
          object.at("action").get_to(waiting.signal.action);
          object.at("user").get_to(waiting.signal.user);
          object.at("session").get_to(waiting.signal.session);
        }
        return waiting;
      });
}

/// Not the ids themselves: the store keeps keys of files in places that no erasure reaches.
std::string key_of(const model::Signal& signal) {
  std::string key;
  for (const std::uint64_t half : digest(model::row_id(signal))) store::put_u64(key, half);
  return key;
}

}  // namespace

Result<WaitingSignals> WaitingSignals::open(store::Store& store) {
  const auto table = store.table("waiting_signals");
  if (!table) return table.error();
  return WaitingSignals(store, *table);
}

void WaitingSignals::put(const WaitingSignal& waiting, store::WriteBatch& changes) const {
  changes.put(table_, key_of(waiting.signal), encode(waiting));
}

void WaitingSignals::erase(const model::Signal& signal, store::WriteBatch& changes) const {
  changes.erase(table_, key_of(signal));
}

Result<std::vector<WaitingSignal>> WaitingSignals::all(std::vector<Error>* unreadable) const {
  std::vector<WaitingSignal> all;
  const auto snapshot = store_->snapshot();
  const auto cursor = snapshot->scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    auto waiting = decode_signal(cursor->value());
    if (waiting) {
      all.push_back(*std::move(waiting));
    } else if (unreadable != nullptr) {
      unreadable->push_back(waiting.error());
    }
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return all;
}

}  // namespace vitals::registry
