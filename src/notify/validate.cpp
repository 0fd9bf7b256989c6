#include <set>

#include <fmt/format.h>

#include <vitals/notify/receiver.h>

#include "webhook/signature.h"

namespace vitals::notify {
namespace {

Error refuse(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c == '\x7f') return false;
  }
  return true;
}

Status check_receiver(const Receiver& receiver) {
  const std::string who = fmt::format("receiver '{}': ", receiver.name);
  if (receiver.name.empty() || receiver.name.size() > 128 || !is_printable(receiver.name)) {
    return refuse(who + "name: must be 1 to 128 printable characters");
  }
  if (!receiver.url.starts_with("http://") && !receiver.url.starts_with("https://")) {
    return refuse(who + "url: must begin with http:// or https://");
  }
  if (receiver.timeout_ms < 100 || receiver.timeout_ms > 300'000) {
    return refuse(who + "timeout: must be from 100ms to 5m");
  }
  for (const auto& [name, value] : receiver.headers) {
    if (name.empty() || !is_printable(name) || !is_printable(value)) {
      return refuse(who + "headers: names and values must be printable");
    }
  }
  if (auto keys = webhook::parse_secrets(receiver.secret); !keys) {
    return refuse(who + "secret: " + keys.error().message);
  }
  return {};
}

Status check_route(const Route& node, const std::set<std::string>& known) {
  if (!node.receiver.empty() && known.count(node.receiver) == 0) {
    return refuse(fmt::format("routes: there is no receiver '{}'", node.receiver));
  }
  for (const Route& child : node.routes) {
    if (auto status = check_route(child, known); !status) return status;
  }
  return {};
}

}  // namespace

Status validate(const Options& options) {
  std::set<std::string> names;
  for (const Receiver& receiver : options.receivers) {
    if (auto status = check_receiver(receiver); !status) return status;
    if (!names.insert(receiver.name).second) {
      return refuse(fmt::format("receiver '{}' is there twice", receiver.name));
    }
  }
  if (options.retry_min_ms < 1 || options.retry_max_ms < options.retry_min_ms) {
    return refuse("retries: the first wait must be positive and at most the longest");
  }
  if (options.give_up_ms < 0) return refuse("retries: give up must not be negative");
  if (options.lanes < 1 || options.lanes > 64) return refuse("lanes: must be from 1 to 64");
  return check_route(options.routes, names);
}

}  // namespace vitals::notify
