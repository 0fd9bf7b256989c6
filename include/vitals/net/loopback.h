#pragma once

#include <string_view>

namespace vitals::net {

/// Whether only this host can reach it: 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

/// The same of a Host header's value, which may bracket the host and add a port.
bool is_loopback_authority(std::string_view authority);

}  // namespace vitals::net
