#include <charconv>
#include <limits>

#include <vitals/config/config.h>

namespace vitals::config {

Result<Address> parse_address(std::string_view text) {
  const Error refused{Errc::invalid_argument, "'" + std::string(text) +
                                                  "' is not an address: expected HOST:PORT, as in "
                                                  "127.0.0.1:8610 or [::1]:8610"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refused;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const std::string_view allowed =
      bracketed ? "0123456789abcdefABCDEF:.%"
                : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) return refused;
  std::uint16_t number = 0;
  const char* end = port.data() + port.size();
  const auto [stop, problem] = std::from_chars(port.data(), end, number);
  if (problem != std::errc{} || stop != end) return refused;
  return Address{std::string(host), number};
}

std::string format_address(const Address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace vitals::config
