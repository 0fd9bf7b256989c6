#include "channel.h"

#include "webhook/channel.h"

namespace vitals::notify {

Attempt Channel::judge(const Result<net::ClientAnswer>& answer, TimeMs now) const {
  return notify::judge(answer, now);
}

std::unique_ptr<const Channel> make_channel(const Receiver& receiver) {
  return std::make_unique<webhook::WebhookChannel>(receiver);
}

}  // namespace vitals::notify
