#pragma once

#include "../channel.h"

namespace vitals::notify {

/// Opsgenie's alert API, which Jira Service Management has too: an alert is created, acknowledged
/// and closed by its alias, the incident's id.
Status check(const OpsgenieTarget& target);
std::unique_ptr<const Channel> make(const OpsgenieTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
