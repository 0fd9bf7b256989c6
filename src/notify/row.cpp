#include "row.h"

#include <nlohmann/json.hpp>

#include <vitals/notify/alert_json.h>
#include <vitals/store/keys.h>

#include "read_alert.h"

namespace vitals::notify {
namespace {

using nlohmann::json;

constexpr int kFormat = 3;

void read_delivery(const json& object, Delivery& delivery) {
  object.at("id").get_to(delivery.id);
  object.at("receiver").get_to(delivery.receiver);
  object.at("alert").get_to(delivery.alert);
  object.at("event").get_to(delivery.event);
  object.at("attempts").get_to(delivery.attempts);
  object.at("created_at").get_to(delivery.created_at);
  object.at("next_try_at").get_to(delivery.next_try_at);
  object.at("done_at").get_to(delivery.done_at);
  object.at("last_error").get_to(delivery.last_error);
}

/// Before format 3 it was a text with the document in it.
Result<model::Alert> told_of(const json& told) {
  return told.is_string() ? decode_alert(told.get_ref<const std::string&>()) : read_alert(told);
}

Status read_told(const json& object, Row& row) {
  object.at("group").get_to(row.group);
  object.at("message").get_to(row.message);
  object.at("failures").get_to(row.failures);
  object.at("queued_at").get_to(row.queued_at);
  object.at("repeat_ms").get_to(row.repeat_ms);
  object.at("memory").get_to(row.memory);
  row.tried_at = object.value("tried_at", TimeMs{0});
  const json& told = object.at("told");
  if (told.is_null()) return {};
  if (const auto* text = told.get_ptr<const std::string*>(); text != nullptr && text->empty()) {
    return {};
  }
  auto alert = told_of(told);
  if (!alert) return std::move(alert).error();
  row.alert = *std::move(alert);
  return {};
}

}  // namespace

std::string encode(const Row& row) { return encode(row, row.alert ? encode(*row.alert) : "null"); }

std::string encode(const Row& row, std::string_view told) {
  const Delivery& delivery = row.delivery;
  const json object = {{"format", kFormat},
                       {"id", delivery.id},
                       {"receiver", delivery.receiver},
                       {"alert", delivery.alert},
                       {"event", delivery.event},
                       {"state", static_cast<int>(delivery.state)},
                       {"attempts", delivery.attempts},
                       {"created_at", delivery.created_at},
                       {"next_try_at", delivery.next_try_at},
                       {"done_at", delivery.done_at},
                       {"last_error", delivery.last_error},
                       {"body", row.body},
                       {"group", row.group},
                       {"message", row.message},
                       {"failures", row.failures},
                       {"queued_at", row.queued_at},
                       {"tried_at", row.tried_at},
                       {"repeat_ms", row.repeat_ms},
                       {"memory", row.memory}};
  std::string bytes = object.dump(-1, ' ', false, json::error_handler_t::replace);
  bytes.pop_back();
  return bytes.append(",\"told\":").append(told).append("}");
}

Result<Row> decode(std::string_view bytes) {
  try {
    const json object = json::parse(bytes);
    const int format = object.at("format");
    if (format < 1 || format > kFormat) {
      return Error{Errc::corruption, "outbox row of unknown format " + std::to_string(format)};
    }
    Row row;
    const int state = object.at("state");
    if (state < 0 || state > static_cast<int>(DeliveryState::dead)) {
      return Error{Errc::corruption, "outbox row of unknown state " + std::to_string(state)};
    }
    row.delivery.state = static_cast<DeliveryState>(state);
    read_delivery(object, row.delivery);
    object.at("body").get_to(row.body);
    row.queued_at = row.delivery.created_at;
    if (format == 1) return row;
    if (auto read = read_told(object, row); !read) return std::move(read).error();
    return row;
  } catch (const json::exception& broken) {
    return Error{Errc::corruption, std::string("outbox row is damaged: ") + broken.what()};
  }
}

Event event_of(std::string_view name) {
  for (const Event event : {Event::escalated, Event::acknowledged, Event::resolved}) {
    if (name == to_string(event)) return event;
  }
  return Event::firing;
}

std::string numbered_key(Space space, std::uint64_t number) {
  std::string key = begin_of(space);
  store::put_u64(key, number);
  return key;
}

std::uint64_t number_of(std::string_view key) { return store::get_u64(key, key.size() - 8); }

std::string told_key(std::string_view receiver, std::string_view incident) {
  std::string key = begin_of(Space::told);
  key.append(receiver).push_back('\0');
  return key.append(incident);
}

std::string action_key(std::string_view incident) {
  return begin_of(Space::action).append(incident);
}

std::string old_key(std::string_view receiver, std::uint64_t number) {
  std::string key = begin_of(Space::old);
  key.append(receiver).push_back('\0');
  store::put_u64(key, number);
  return key;
}

std::string begin_of(Space space) { return std::string(1, static_cast<char>(space)); }

std::string end_of(Space space) {
  return std::string(1, static_cast<char>(static_cast<char>(space) + 1));
}

}  // namespace vitals::notify
