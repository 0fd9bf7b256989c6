#pragma once

#include <string_view>

#include <vitals/net/message.h>

namespace vitals::api {

/// Why a request may be the work of a web page that somebody on this host has open; "" when it
/// cannot. A browser lets any page send requests to loopback, and where no token is configured
/// nothing else would tell them from the user's own.
std::string_view foreign_page(const net::Request& request);

}  // namespace vitals::api
