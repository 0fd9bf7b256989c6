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
    return complete(content(message), message.id, now);
  }

  Result<net::ClientRequest> heartbeat(TimeMs now) const override {
    const std::string id = "heartbeat-" + std::to_string(now);
    ordered_json event = envelope(id, "prompt-vitals.heartbeat", now);
    event["data"] = ordered_json::object();
    return complete(as_event(event), id, now);
  }

 private:
  Result<net::ClientRequest> complete(net::ClientRequest request, const std::string& id,
                                      TimeMs now) const {
    const auto keys = webhook::parse_secrets(target_.secret);
    if (!keys) return keys.error();
    if (!keys->empty()) webhook::sign(*keys, id, now, request);
    request.headers.insert(request.headers.end(), target_.headers.begin(), target_.headers.end());
    return request;
  }

  net::ClientRequest content(const Message& message) const {
    if (message.notices.size() > 1) {
      ordered_json batch = ordered_json::array();
      for (const Notice& notice : message.notices) {
        batch.push_back(event(message, notice, fmt::format("{}-{}", message.id, batch.size())));
      }
      return post("application/cloudevents-batch+json", dump(batch));
    }
    return as_event(event(message, message.notices.front(), message.id));
  }

  net::ClientRequest as_event(const ordered_json& whole) const {
    if (!target_.binary) return post("application/cloudevents+json; charset=utf-8", dump(whole));
    net::ClientRequest request = post("application/json", dump(whole.at("data")));
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
    const std::string type = std::string("prompt-vitals.alert.") + to_string(notice.event);
    ordered_json event = envelope(id, type, message.created_at);
    event["subject"] = clean(notice.alert.id);
    event["data"] = webhook::data_of(notice.alert, kTextMax);
    return event;
  }

  ordered_json envelope(const std::string& id, const std::string& type, TimeMs time) const {
    return {{"specversion", "1.0"},         {"id", id},
            {"source", target_.source},     {"type", type},
            {"time", format_rfc3339(time)}, {"datacontenttype", "application/json"}};
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
