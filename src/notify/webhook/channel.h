#pragma once

#include "../channel.h"

namespace vitals::notify {

/// Our own JSON, signed by Standard Webhooks 1.0.
Status check(const WebhookTarget& target);
std::unique_ptr<const Channel> make(const WebhookTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
