#include "target_check.h"

#include <algorithm>
#include <string>

#include "webhook/signature.h"

namespace vitals::notify {

Error refuse(std::string_view key, std::string_view reason) {
  return {Errc::invalid_argument, std::string(key).append(": ").append(reason)};
}

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

Status check_url(std::string_view key, std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return refuse(key, "must begin with http:// or https://");
  }
  if (!is_printable(url)) return refuse(key, "must be printable");
  return {};
}

Status check_headers(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (name.empty() || !is_printable(name) || !is_printable(value)) {
      return refuse("headers", "names and values must be printable");
    }
  }
  return {};
}

Status check_token(std::string_view key, std::string_view token) {
  if (token.empty()) return refuse(key, "is required");
  const bool good =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!good) return refuse(key, "must be one word of printable characters");
  return {};
}

Status check_secret(std::string_view secret) {
  if (auto keys = webhook::parse_secrets(secret); !keys) {
    return refuse("secret", keys.error().message);
  }
  return {};
}

}  // namespace vitals::notify
