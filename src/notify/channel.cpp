#include "channel.h"

#include <stdexcept>
#include <variant>

// Each channel is a folder with its `check(const …Target&)` and `make(const …Target&, receiver)`.
#include "webhook/channel.h"

namespace vitals::notify {

Result<net::ClientRequest> Channel::heartbeat(TimeMs /*now*/) const {
  return Error{Errc::invalid_argument, "this kind of receiver takes no heartbeats"};
}

Attempt Channel::judge(const Result<net::ClientAnswer>& answer, TimeMs now) const {
  return notify::judge(answer, now);
}

Status validate(const Target& target) {
  if (const auto* webhook = std::get_if<WebhookTarget>(&target)) return check(*webhook);
  return Error{Errc::invalid_argument, "this kind of receiver is not there yet"};
}

std::unique_ptr<const Channel> make_channel(const Receiver& receiver) {
  return make(std::get<WebhookTarget>(receiver.target), receiver);
}

}  // namespace vitals::notify
