#pragma once

#include "../channel.h"

namespace vitals::notify {

/// Alertmanager's API v2, which then groups, silences and tells by its own rules. An alert that is
/// open is told again every refresh_ms, and is over for Alertmanager when four of them failed to
/// come.
Status check(const AlertmanagerTarget& target);
std::unique_ptr<const Channel> make(const AlertmanagerTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
