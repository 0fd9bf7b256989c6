#pragma once

#include "../channel.h"

namespace vitals::notify {

/// Block Kit messages to an incoming webhook, or by a bot that changes its message of an incident.
Status check(const SlackTarget& target);
std::unique_ptr<const Channel> make(const SlackTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
