#pragma once

#include <optional>

#include <vitals/base/clock.h>
#include <vitals/net/client.h>

namespace vitals::net {

/// When the Retry-After header of an answer (RFC 9110 §10.2.3: seconds, or a date in any of the
/// three HTTP forms) lets the next try be made; nothing when there is none, or it is neither.
std::optional<TimeMs> retry_after(const ClientAnswer& answer, TimeMs now);

}  // namespace vitals::net
