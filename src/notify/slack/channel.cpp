#include "channel.h"

#include "../outgoing.h"
#include "../target_check.h"
#include "answer.h"
#include "blocks.h"

namespace vitals::notify {
namespace {

constexpr const char* kJson = "application/json; charset=utf-8";

/// An incoming webhook: it cannot change what it has posted, so each notice is a message.
class SlackWebhook final : public Channel {
 public:
  SlackWebhook(const SlackTarget& target, const Receiver& receiver)
      : url_(target.url), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  bool groups() const override { return true; }

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    return outgoing(url_, kJson, slack::body_of(message, external_url_).dump(), timeout_ms_);
  }

  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    return judge_strictly(answer, now);
  }

 private:
  std::string url_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

/// A bot: chat.postMessage, and chat.update of the same message from then on.
class SlackBot final : public Channel {
 public:
  SlackBot(const SlackTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    const slack::Place place = slack::from_memory(message.memory);
    auto body = slack::body_of(message, external_url_);
    body["channel"] = place.ts.empty() ? target_.channel : place.channel;
    if (!place.ts.empty()) body["ts"] = place.ts;
    const char* const method = place.ts.empty() ? "/chat.postMessage" : "/chat.update";
    net::ClientRequest request =
        outgoing(target_.api_url + method, kJson, body.dump(), timeout_ms_);
    request.headers.emplace_back("authorization", "Bearer " + target_.token);
    return request;
  }

  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    return slack::judge_api(answer, now);
  }

  std::string remember(const Message& message, const net::ClientAnswer& answer) const override {
    std::string memory = slack::to_memory(answer);
    return memory.empty() ? message.memory : memory;
  }

 private:
  SlackTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

}  // namespace

Status check(const SlackTarget& target) {
  if (target.url.empty() == target.token.empty()) {
    return refuse("url", "needs either url (an incoming webhook) or token and channel (a bot)");
  }
  if (!target.url.empty()) return check_url("url", target.url);
  if (auto status = check_token("token", target.token); !status) return status;
  if (target.channel.empty() || !is_printable(target.channel)) {
    return refuse("channel", "is required with a token, as '#alerts' or C0123456789");
  }
  return check_url("api_url", target.api_url);
}

std::unique_ptr<const Channel> make(const SlackTarget& target, const Receiver& receiver) {
  if (target.token.empty()) return std::make_unique<SlackWebhook>(target, receiver);
  return std::make_unique<SlackBot>(target, receiver);
}

}  // namespace vitals::notify
