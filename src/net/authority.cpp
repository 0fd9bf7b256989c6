#include "authority.h"

#include <vitals/net/loopback.h>

#include "characters.h"

namespace vitals::net {
namespace {

constexpr CharacterClass name_characters = characters_of("-._~!$&'()*+,;=");
constexpr CharacterClass literal_characters = characters_of("-._~!$&'()*+,;=:");

/// Splits "host:port" at the colon after the host; a missing port is "".
struct Authority {
  std::string_view host;
  std::string_view port;
};

Authority split(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t from = bracket == std::string_view::npos ? 0 : bracket;
  const std::size_t colon = text.find(':', from);
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_port(std::string_view port) {
  unsigned number = 0;
  for (const char c : port) {
    if (!is_digit(c)) return false;
    number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 65535) return false;
  }
  return true;
}

bool is_registered_name(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%') {
      if (i + 2 >= name.size() || hex_value(name[i + 1]) < 0 || hex_value(name[i + 2]) < 0) {
        return false;
      }
      i += 2;
    } else if (!name_characters[static_cast<unsigned char>(name[i])]) {
      return false;
    }
  }
  return !name.empty();
}

bool is_literal(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         all_of(literal_characters, host.substr(1, host.size() - 2));
}

}  // namespace

bool is_authority(std::string_view text) {
  const Authority authority = split(text);
  return is_port(authority.port) &&
         (is_literal(authority.host) || is_registered_name(authority.host));
}

bool same_authority(std::string_view a, std::string_view b, std::string_view default_port) {
  Authority first = split(a);
  Authority second = split(b);
  if (first.port.empty()) first.port = default_port;
  if (second.port.empty()) second.port = default_port;
  return equals_ignoring_case(first.host, second.host) && first.port == second.port;
}

bool is_loopback(std::string_view host) {
  if (equals_ignoring_case(host, "localhost") || host == "::1") return true;
  // Dotted numbers only: `127.example.com` is a name that may point anywhere.
  return host.substr(0, 4) == "127." &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_loopback_authority(std::string_view authority) {
  std::string_view host = split(authority).host;
  if (is_literal(host)) host = host.substr(1, host.size() - 2);
  return is_loopback(host);
}

}  // namespace vitals::net
