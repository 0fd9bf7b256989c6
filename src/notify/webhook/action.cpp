#include "action.h"

#include <string>

#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "message.h"

namespace vitals::notify::webhook {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

class ActionChannel final : public Channel {
 public:
  explicit ActionChannel(const Action& action) : action_(action) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs now) const override {
    const model::Alert& alert = message.notices.front().alert;
    const model::AlertAction asked = alert.action.value_or(model::AlertAction{});
    ordered_json data;
    data["action"] = asked.name;
    data["dry_run"] = asked.dry_run;
    data["rollback_to"] = or_null(asked.rollback_to);
    data["approved_by"] = or_null(asked.approved_by);
    // The alert as webhooks tell it, with long texts cut.
    data["alert"] = ordered_json::parse(body_of(alert, "", message.created_at))["data"];
    ordered_json body;
    body["type"] = "action.requested";
    body["timestamp"] = format_rfc3339(message.created_at);
    body["data"] = std::move(data);
    const std::string text = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return request_for(action_.webhook, action_.timeout_ms, message.id, text, now);
  }

  /// Who calls the request wrong would call it so again: people decide what to do instead.
  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    Attempt attempt = notify::judge(answer, now);
    if (!answer || answer->status < 400 || answer->status >= 500) return attempt;
    const bool later = answer->status == 408 || answer->status == 425 || answer->status == 429;
    if (!later) attempt.verdict = Attempt::Verdict::refused_for_good;
    return attempt;
  }

 private:
  Action action_;
};

}  // namespace

std::unique_ptr<const Channel> make_action_channel(const Action& action) {
  return std::make_unique<ActionChannel>(action);
}

}  // namespace vitals::notify::webhook
