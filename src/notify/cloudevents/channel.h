#pragma once

#include "../channel.h"

namespace vitals::notify {

/// CloudEvents 1.0 over HTTP, structured or binary; several incidents are a batch. The data is that
/// of our webhook.
Status check(const CloudEventsTarget& target);
std::unique_ptr<const Channel> make(const CloudEventsTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
