#include "row.h"

#include <nlohmann/json.hpp>

#include <vitals/store/keys.h>

namespace vitals::notify {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;

}  // namespace

std::string encode(const Row& row) {
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
                       {"body", row.body}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Row> decode(std::string_view bytes) {
  try {
    const json object = json::parse(bytes);
    if (const int format = object.at("format"); format != kFormat) {
      return Error{Errc::corruption, "outbox row of unknown format " + std::to_string(format)};
    }
    Row row;
    Delivery& delivery = row.delivery;
    object.at("id").get_to(delivery.id);
    object.at("receiver").get_to(delivery.receiver);
    object.at("alert").get_to(delivery.alert);
    object.at("event").get_to(delivery.event);
    const int state = object.at("state");
    if (state < 0 || state > static_cast<int>(DeliveryState::dead)) {
      return Error{Errc::corruption, "outbox row of unknown state " + std::to_string(state)};
    }
    delivery.state = static_cast<DeliveryState>(state);
    object.at("attempts").get_to(delivery.attempts);
    object.at("created_at").get_to(delivery.created_at);
    object.at("next_try_at").get_to(delivery.next_try_at);
    object.at("done_at").get_to(delivery.done_at);
    object.at("last_error").get_to(delivery.last_error);
    object.at("body").get_to(row.body);
    return row;
  } catch (const json::exception& broken) {
    return Error{Errc::corruption, std::string("outbox row is damaged: ") + broken.what()};
  }
}

std::string waiting_prefix(std::string_view receiver) {
  std::string key(1, static_cast<char>(Space::waiting));
  key.append(receiver).push_back('\0');
  return key;
}

std::string waiting_key(std::string_view receiver, std::uint64_t sequence) {
  std::string key = waiting_prefix(receiver);
  store::put_u64(key, sequence);
  return key;
}

std::string receiver_of(std::string_view waiting_key) {
  return std::string(waiting_key.substr(1, waiting_key.find('\0') - 1));
}

std::string numbered_key(Space space, std::uint64_t number) {
  std::string key(1, static_cast<char>(space));
  store::put_u64(key, number);
  return key;
}

std::uint64_t number_of(std::string_view key) { return store::get_u64(key, key.size() - 8); }

std::string end_of(std::string prefix) {
  prefix.back() = static_cast<char>(prefix.back() + 1);  // never 0xff: a letter or NUL
  return prefix;
}

}  // namespace vitals::notify
