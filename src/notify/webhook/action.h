#pragma once

#include <memory>

#include <vitals/notify/receiver.h>

#include "../channel.h"

namespace vitals::notify::webhook {

/// Asks for an action: one POST `action.requested`, signed by Standard Webhooks 1.0, with what is
/// to be done and the alert that it is done about (docs/how-to/receive-webhooks.md).
std::unique_ptr<const Channel> make_action_channel(const Action& action);

}  // namespace vitals::notify::webhook
