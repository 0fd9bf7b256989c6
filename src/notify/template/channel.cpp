#include "channel.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "../outgoing.h"
#include "../target_check.h"
#include "render.h"

namespace vitals::notify {
namespace {

class TemplateChannel final : public Channel {
 public:
  TemplateChannel(const TemplateTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  /// Only where the template goes through a list of them.
  bool groups() const override { return target_.body.find("{{#alerts}}") != std::string::npos; }

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    auto body = render(target_.body, escaping_for(target_.content_type), message, external_url_);
    if (!body) return body.error();
    net::ClientRequest request =
        outgoing(target_.url, target_.content_type, *std::move(body), timeout_ms_);
    request.method = target_.method;
    request.headers.emplace_back("idempotency-key", message.id);
    request.headers.insert(request.headers.end(), target_.headers.begin(), target_.headers.end());
    return request;
  }

 private:
  TemplateTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

/// An incident like any other, to try a template on; its texts have what must be escaped.
Message sample() {
  Message message;
  message.id = "0190f8a0-0000-7000-8000-000000000000-firing";
  message.created_at = 1'800'000'000'000;
  model::Alert& alert = message.notices.emplace_back().alert;
  alert.id = "0190f8a0-0000-7000-8000-000000000000";
  alert.rule = "sample";
  alert.status = model::AlertStatus::firing;
  alert.labels = {{"prompt", "a \"quoted\"\n<name> & more"}};
  alert.annotations = {{"summary", "a \"quoted\"\n<text> & more"}};
  alert.value = 71.5;
  alert.threshold = 80;
  alert.pending_since = alert.firing_since = alert.updated_at = message.created_at;
  return message;
}

}  // namespace

Status check(const TemplateTarget& target) {
  if (auto status = check_url("url", target.url); !status) return status;
  if (auto status = check_token("method", target.method); !status) return status;
  if (!is_printable(target.content_type)) return refuse("content_type", "must be printable");
  if (target.body.empty()) return refuse("body", "is required: a mustache template");
  const Escaping escaping = escaping_for(target.content_type);
  const auto body = render(target.body, escaping, sample(), "https://vitals.example");
  if (!body) return refuse("body", body.error().message);
  if (escaping == Escaping::json && !nlohmann::json::accept(*body)) {
    return refuse("body", "gives no JSON when it is filled in");
  }
  return check_headers(target.headers);
}

std::unique_ptr<const Channel> make(const TemplateTarget& target, const Receiver& receiver) {
  return std::make_unique<TemplateChannel>(target, receiver);
}

}  // namespace vitals::notify
