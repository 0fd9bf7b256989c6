#pragma once

#include "../channel.h"

namespace vitals::notify {

/// PagerDuty Events API v2: an incident is triggered, acknowledged and resolved under its id.
Status check(const PagerDutyTarget& target);
std::unique_ptr<const Channel> make(const PagerDutyTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
