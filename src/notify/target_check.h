#pragma once

#include <string_view>

#include <vitals/base/result.h>
#include <vitals/notify/receiver.h>

namespace vitals::notify {

/// What targets have in common to check. Errors: invalid_argument, `key: reason`, never a value
/// that may be a secret.
Error refuse(std::string_view key, std::string_view reason);
bool is_printable(std::string_view text);
Status check_url(std::string_view key, std::string_view url);
Status check_headers(const Headers& headers);
/// Required, of printable characters without blanks, as headers carry it.
Status check_token(std::string_view key, std::string_view token);
/// Standard Webhooks' secrets.
Status check_secret(std::string_view secret);

}  // namespace vitals::notify
