#include "channel.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "../outgoing.h"
#include "../target_check.h"
#include "../text.h"
#include "../webhook/message.h"
#include "../webhook/signature.h"

namespace vitals::notify {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kTextMax = 4'096;  // so that an event stays far below what brokers take
constexpr auto kReplace = ordered_json::error_handler_t::replace;

std::string dump(const ordered_json& value) { return value.dump(-1, ' ', false, kReplace); }

/// HTTP protocol binding 1.0, 3.1.3.2: what is not printable ASCII, and `"` and `%`, as %XX.
std::string header_text(std::string_view text) {
  std::string value;
  for (const char c : text) {
    const bool plain = c > ' ' && c < '\x7f' && c != '"' && c != '%';
    value += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return value;
}

class CloudEventsChannel final : public Channel {
 public:
  CloudEventsChannel(const CloudEventsTarget& target, DurationMs timeout_ms)
      : target_(target), timeout_ms_(timeout_ms) {}

  bool groups() const override { return true; }

  Result<net::ClientRequest> request(const Message& message, TimeMs now) const override {
    net::ClientRequest request = content(message);
    const auto keys = webhook::parse_secrets(target_.secret);
    if (!keys) return keys.error();
    if (!keys->empty()) webhook::sign(*keys, message.id, now, request);
    request.headers.insert(request.headers.end(), target_.headers.begin(), target_.headers.end());
    return request;
  }

 private:
  net::ClientRequest content(const Message& message) const {
    const Notice& first = message.notices.front();
    if (message.notices.size() > 1) {
      ordered_json batch = ordered_json::array();
      for (const Notice& notice : message.notices) {
        batch.push_back(event(message, notice, fmt::format("{}-{}", message.id, batch.size())));
      }
      return post("application/cloudevents-batch+json", dump(batch));
    }
    ordered_json whole = event(message, first, message.id);
    if (!target_.binary) return post("application/cloudevents+json; charset=utf-8", dump(whole));
    net::ClientRequest request = post("application/json", dump(whole["data"]));
    for (const auto& [name, value] : whole.items()) {
      if (name == "data" || name == "datacontenttype") continue;
      request.headers.emplace_back("ce-" + name, header_text(value.get<std::string>()));
    }
    return request;
  }

  net::ClientRequest post(std::string_view content_type, std::string body) const {
    return outgoing(target_.url, content_type, std::move(body), timeout_ms_);
  }

  /// The same source and id mean the same event, on every try.
  ordered_json event(const Message& message, const Notice& notice, const std::string& id) const {
    ordered_json event;
    event["specversion"] = "1.0";
    event["id"] = id;
    event["source"] = target_.source;
    event["type"] = std::string("prompt-vitals.alert.") + to_string(notice.event);
    event["subject"] = clean(notice.alert.id);
    event["time"] = format_rfc3339(message.created_at);
    event["datacontenttype"] = "application/json";
    event["data"] = webhook::data_of(notice.alert, kTextMax);
    return event;
  }

  CloudEventsTarget target_;
  DurationMs timeout_ms_;
};

}  // namespace

Status check(const CloudEventsTarget& target) {
  if (auto status = check_url("url", target.url); !status) return status;
  if (auto status = check_token("source", target.source); !status) return status;
  if (auto status = check_headers(target.headers); !status) return status;
  return check_secret(target.secret);
}

std::unique_ptr<const Channel> make(const CloudEventsTarget& target, const Receiver& receiver) {
  return std::make_unique<CloudEventsChannel>(target, receiver.timeout_ms);
}

}  // namespace vitals::notify
