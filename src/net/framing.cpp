#include "framing.h"

#include "authority.h"
#include "characters.h"

namespace vitals::net {
namespace {

constexpr std::size_t length_digits_max = 18;  // what surely fits 64 bits

constexpr CharacterClass target_characters() {
  CharacterClass set{};
  for (unsigned c = 0x21; c < 0x7f; ++c) set[c] = c != '#';
  return set;
}

std::optional<Refusal> check_version(std::string_view version, Framing& framing) {
  if (version == "HTTP/1.1") return std::nullopt;
  if (version == "HTTP/1.0") {
    framing.http_1_0 = true;
    framing.keep_alive = false;
    return std::nullopt;
  }
  const bool another = version.size() == 8 && version.substr(0, 5) == "HTTP/" &&
                       is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
  if (another) return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  return Refusal{400, "The request line does not end with an HTTP version."};
}

std::optional<Refusal> check_request_line(std::string_view line, Framing& framing) {
  static constexpr CharacterClass allowed_in_target = target_characters();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return Refusal{400, "The request line is not a method, a target and a version."};
  }
  framing.method = line.substr(0, first);
  framing.target = line.substr(first + 1, last - first - 1);
  if (!is_token(framing.method)) return Refusal{400, "The method is not a token."};
  if (framing.target.empty() || !all_of(allowed_in_target, framing.target)) {
    return Refusal{400, "The request target has a character that a URI cannot have."};
  }
  return check_version(line.substr(last + 1), framing);
}

std::optional<Refusal> check_transfer_encoding(std::string_view value, bool seen) {
  if (!seen && equals_ignoring_case(value, "chunked")) return std::nullopt;
  if (!seen && is_token(value)) return Refusal{501, "Only the transfer coding chunked is known."};
  return Refusal{400, "Transfer-Encoding must be chunked, once."};
}

std::optional<Refusal> check_content_length(std::string_view value, Framing& framing) {
  if (framing.content_length) return Refusal{400, "There is more than one Content-Length."};
  if (value.empty()) return Refusal{400, "Content-Length is empty."};
  std::uint64_t length = 0;
  for (const char c : value) {
    if (!is_digit(c)) return Refusal{400, "Content-Length is not a number of digits."};
  }
  if (value.size() > length_digits_max) return Refusal{413, "Content-Length is too large."};
  for (const char c : value) length = length * 10 + static_cast<std::uint64_t>(c - '0');
  framing.content_length = length;
  return std::nullopt;
}

struct Seen {
  bool host = false;
  bool transfer_encoding = false;
  bool close = false;
};

std::optional<Refusal> check_known_field(std::string_view name, std::string_view value, Seen& seen,
                                         Framing& framing) {
  if (equals_ignoring_case(name, "host")) {
    if (seen.host) return Refusal{400, "There is more than one Host."};
    if (!is_authority(value)) return Refusal{400, "Host is not a name or address with a port."};
    seen.host = true;
    framing.host = value;
  } else if (equals_ignoring_case(name, "content-length")) {
    return check_content_length(value, framing);
  } else if (equals_ignoring_case(name, "transfer-encoding")) {
    if (auto refusal = check_transfer_encoding(value, seen.transfer_encoding)) return refusal;
    seen.transfer_encoding = framing.chunked = true;
  } else if (equals_ignoring_case(name, "connection")) {
    for_each_element(value, [&](std::string_view option) {
      if (equals_ignoring_case(option, "close")) seen.close = true;
      if (equals_ignoring_case(option, "keep-alive")) framing.keep_alive = true;
    });
  } else if (equals_ignoring_case(name, "expect")) {
    if (!equals_ignoring_case(value, "100-continue")) {
      return Refusal{417, "Only the expectation 100-continue is known."};
    }
    framing.expects_continue = !framing.http_1_0;
  }
  return std::nullopt;
}

std::optional<Refusal> check_message(const Seen& seen, Framing& framing) {
  if (seen.close) framing.keep_alive = false;
  if (!seen.host && !framing.http_1_0) return Refusal{400, "There is no Host."};
  if (framing.chunked && framing.content_length) {
    return Refusal{400, "There are both Transfer-Encoding and Content-Length."};
  }
  if (framing.chunked && framing.http_1_0) {
    return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
  }
  const bool has_body =
      framing.method == "POST" || framing.method == "PUT" || framing.method == "PATCH";
  if (framing.http_1_0 && has_body && !framing.content_length) {
    return Refusal{411, "A body in HTTP/1.0 needs a Content-Length."};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> find_head_end(std::string_view received, std::size_t header_bytes_max,
                                     HeadScan& scan) {
  if (!received.empty() && received.front() != '\r' &&
      !token_characters[static_cast<unsigned char>(received.front())]) {
    return Refusal{400, "This is not HTTP."};
  }
  while (true) {
    const std::size_t at = received.find('\n', scan.scanned);
    if (at == std::string_view::npos || at >= header_bytes_max) break;
    if (at == 0 || received[at - 1] != '\r') return Refusal{400, "A line ends without CR."};
    if (scan.line_start == 0 && at > request_line_bytes_max) {
      return Refusal{414, "The request line is too long."};
    }
    const bool empty_line = at - 1 == scan.line_start;
    scan.scanned = scan.line_start = at + 1;
    if (empty_line) {
      scan.head_bytes = at + 1;
      return std::nullopt;
    }
  }
  if (scan.line_start == 0 && received.size() > request_line_bytes_max) {
    return Refusal{414, "The request line is too long."};
  }
  if (received.size() >= header_bytes_max) return Refusal{431, "The header is too large."};
  scan.scanned = received.size();
  return std::nullopt;
}

std::optional<Refusal> check_field_line(std::string_view line, std::string_view& name,
                                        std::string_view& value) {
  if (line.front() == ' ' || line.front() == '\t') {
    return Refusal{400, "A header line is folded."};
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{400, "A header line has no colon."};
  name = line.substr(0, colon);
  value = trim(line.substr(colon + 1));
  if (!is_token(name)) return Refusal{400, "A header name is not a token."};
  if (!all_of(value_characters, value)) {
    return Refusal{400, "A header value has a control character."};
  }
  return std::nullopt;
}

std::optional<Refusal> check_head(std::string_view head, Framing& framing) {
  std::size_t end = head.find("\r\n");
  if (auto refusal = check_request_line(head.substr(0, end), framing)) return refusal;

  Seen seen;
  for (std::size_t fields = 0;; ++fields) {
    const std::size_t start = end + 2;
    end = head.find("\r\n", start);
    if (end == std::string_view::npos) return Refusal{400, "The header does not end."};
    if (end == start) break;
    if (fields == fields_max) return Refusal{431, "The header has too many fields."};
    std::string_view name;
    std::string_view value;
    const std::string_view line = head.substr(start, end - start);
    if (auto refusal = check_field_line(line, name, value)) return refusal;
    if (auto refusal = check_known_field(name, value, seen, framing)) return refusal;
  }
  return check_message(seen, framing);
}

}  // namespace vitals::net
