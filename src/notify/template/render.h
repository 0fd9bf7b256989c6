#pragma once

#include <string>
#include <string_view>

#include <vitals/base/result.h>

#include "../channel.h"

namespace vitals::notify {

/// What `{{name}}` becomes in a body of this type: escaped for JSON, for HTML and XML, or as it is.
/// `{{{name}}}` is always as it is.
enum class Escaping : std::uint8_t { json, markup, none };
Escaping escaping_for(std::string_view content_type);

/// The body. Errors: invalid_argument, with the template's mistake.
Result<std::string> render(const std::string& body, Escaping escaping, const Message& message,
                           const std::string& external_url);

}  // namespace vitals::notify
