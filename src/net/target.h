#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vitals/net/message.h>

#include "framing.h"

namespace vitals::net {

/// Reads the request target (RFC 9112 section 3.2) into path, segments and query. Absolute-form
/// must name the host that Host names; `OPTIONS *` is handed on as path "/". Percent-encoding is
/// decoded once; what is then not UTF-8, or has a NUL, is refused.
std::optional<Refusal> read_target(const Framing& framing, Request& request);

/// Percent-decoded; nothing when an escape is malformed. `plus_is_space` as in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace vitals::net
