#pragma once

#include <string_view>

namespace vitals::net {

/// uri-host [ ":" port ] of RFC 9110 section 7.2 and RFC 3986 section 3.2: a name, an IPv4 address
/// or a bracketed IP literal, never empty, never with user information; port at most 65535.
bool is_authority(std::string_view text);

/// Whether two authorities name the same host and port; `default_port` stands for a missing one.
bool same_authority(std::string_view a, std::string_view b, std::string_view default_port);

}  // namespace vitals::net
