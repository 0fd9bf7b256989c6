#pragma once

#include <string>
#include <string_view>

namespace vitals::notify {

/// RFC 4648, in one line, padded.
std::string to_base64(std::string_view bytes);

}  // namespace vitals::notify
