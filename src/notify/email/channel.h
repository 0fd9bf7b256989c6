#pragma once

#include "../channel.h"

namespace vitals::notify {

/// Mail by SMTP, as text and as HTML; all mail about one incident is one thread.
Status check(const EmailTarget& target);
std::unique_ptr<const Channel> make(const EmailTarget& target, const Receiver& receiver);

}  // namespace vitals::notify
