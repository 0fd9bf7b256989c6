#include "channel.h"

#include <string>

#include <vitals/base/time_text.h>

#include "../target_check.h"
#include "message.h"

namespace vitals::notify {
namespace {

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(const WebhookTarget& target, DurationMs timeout_ms)
      : target_(target), timeout_ms_(timeout_ms) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs now) const override {
    const Notice& notice = message.notices.front();
    const std::string body =
        webhook::body_of(notice.alert, to_string(notice.event), message.created_at);
    return webhook::request_for(target_, timeout_ms_, message.id, body, now);
  }

  Result<net::ClientRequest> heartbeat(TimeMs now) const override {
    const std::string body =
        R"({"type":"heartbeat","timestamp":")" + format_rfc3339(now) + R"(","data":{}})";
    return webhook::request_for(target_, timeout_ms_, "heartbeat-" + std::to_string(now), body,
                                now);
  }

 private:
  WebhookTarget target_;
  DurationMs timeout_ms_;
};

}  // namespace

Status check(const WebhookTarget& target) {
  if (auto status = check_url("url", target.url); !status) return status;
  if (auto status = check_headers(target.headers); !status) return status;
  return check_secret(target.secret);
}

std::unique_ptr<const Channel> make(const WebhookTarget& target, const Receiver& receiver) {
  return std::make_unique<WebhookChannel>(target, receiver.timeout_ms);
}

}  // namespace vitals::notify
