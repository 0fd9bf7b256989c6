#pragma once

#include <optional>
#include <string_view>

#include <vitals/net/message.h>

#include "framing.h"

namespace vitals::net {

/// Lets Beast parse a header that check_head() has passed, into the request's method and headers
/// (names in lower case). Beast must agree with our framing; if it does not, the request is
/// refused.
std::optional<Refusal> parse_head(std::string_view head, const Framing& framing, Request& request);

}  // namespace vitals::net
