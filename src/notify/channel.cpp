#include "channel.h"

#include <variant>

// Each channel is a folder that has `check(const …Target&)` and `make(const …Target&, receiver)`.
#include "alertmanager/channel.h"
#include "cloudevents/channel.h"
#include "email/channel.h"
#include "opsgenie/channel.h"
#include "pagerduty/channel.h"
#include "slack/channel.h"
#include "template/channel.h"
#include "webhook/channel.h"

namespace vitals::notify {

Result<net::ClientRequest> Channel::heartbeat(TimeMs /*now*/) const {
  return Error{Errc::invalid_argument, "this kind of receiver takes no heartbeats"};
}

Attempt Channel::judge(const Result<net::ClientAnswer>& answer, TimeMs now) const {
  return notify::judge(answer, now);
}

Status validate(const Target& target) {
  return std::visit([](const auto& kind) { return check(kind); }, target);
}

std::unique_ptr<const Channel> make_channel(const Receiver& receiver) {
  return std::visit([&receiver](const auto& kind) { return make(kind, receiver); },
                    receiver.target);
}

}  // namespace vitals::notify
