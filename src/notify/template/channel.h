#pragma once

#include "../channel.h"

namespace vitals::notify {

/// A request whose body is a mustache template (docs/how-to/notify-incident-tools.md).
Status check(const TemplateTarget& target);
std::unique_ptr<const Channel> make(const TemplateTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
