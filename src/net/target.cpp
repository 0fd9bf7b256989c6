#include "target.h"

#include "authority.h"
#include "characters.h"

namespace vitals::net {
namespace {

constexpr Refusal malformed_escape{400, "A percent-escape of the target is malformed."};

/// Well-formed UTF-8 by Unicode 15, table 3-7: no overlong forms, no surrogates.
bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((byte(i + k) & 0xc0U) != 0x80) return false;
    }
    if (lead == 0xe0 && byte(i + 1) < 0xa0) return false;
    if (lead == 0xed && byte(i + 1) > 0x9f) return false;
    if (lead == 0xf0 && byte(i + 1) < 0x90) return false;
    if (lead == 0xf4 && byte(i + 1) > 0x8f) return false;
    i += more + 1;
  }
  return true;
}

/// Cuts scheme and authority off an absolute-form target. `path` keeps its query.
std::optional<Refusal> read_absolute(const Framing& framing, std::string_view& path) {
  const std::size_t scheme_end = framing.target.find("://");
  if (scheme_end == std::string_view::npos) return Refusal{400, "The target is not a path."};
  const std::string_view scheme = framing.target.substr(0, scheme_end);
  const bool secure = equals_ignoring_case(scheme, "https");
  if (!secure && !equals_ignoring_case(scheme, "http")) {
    return Refusal{400, "The scheme of the target is not served here."};
  }
  const std::string_view rest = framing.target.substr(scheme_end + 3);
  const std::size_t path_start = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, path_start);
  if (!is_authority(authority)) return Refusal{400, "The authority of the target is malformed."};
  if (!framing.host.empty() && !same_authority(authority, framing.host, secure ? "443" : "80")) {
    return Refusal{400, "The target and Host name different hosts."};
  }
  path = path_start == std::string_view::npos ? std::string_view() : rest.substr(path_start);
  return std::nullopt;
}

std::optional<Refusal> read_path(std::string_view raw, Request& request) {
  std::size_t start = 1;
  while (raw.size() > 1 && start <= raw.size()) {
    const std::size_t end = std::min(raw.find('/', start), raw.size());
    auto segment = percent_decode(raw.substr(start, end - start), false);
    if (!segment) return malformed_escape;
    request.segments.push_back(*std::move(segment));
    start = end + 1;
  }
  request.path = "/";
  for (const std::string& segment : request.segments) {
    if (request.path.size() > 1 || &segment != &request.segments.front()) request.path += '/';
    request.path += segment;
  }
  if (request.path.find('\0') != std::string::npos || !is_utf8(request.path)) {
    return Refusal{400, "The path is not UTF-8 text."};
  }
  return std::nullopt;
}

std::optional<Refusal> read_query(std::string_view raw, Request& request) {
  while (!raw.empty()) {
    const std::string_view pair = raw.substr(0, raw.find('&'));
    raw.remove_prefix(std::min(pair.size() + 1, raw.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return malformed_escape;
    if (!is_utf8(*name) || !is_utf8(*value) || value->find('\0') != std::string::npos) {
      return Refusal{400, "The query is not UTF-8 text."};
    }
    request.query.emplace_back(*std::move(name), *std::move(value));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::optional<Refusal> read_target(const Framing& framing, Request& request) {
  if (framing.method == "CONNECT") return Refusal{501, "This is no proxy."};
  std::string_view path = framing.target;
  if (path == "*") {
    if (framing.method != "OPTIONS") return Refusal{400, "The target * is for OPTIONS only."};
    path = "/";
  } else if (path.front() != '/') {
    if (auto refusal = read_absolute(framing, path)) return refusal;
  }
  const std::size_t question = std::min(path.find('?'), path.size());
  if (auto refusal = read_path(path.substr(0, question), request)) return refusal;
  return read_query(path.substr(std::min(question + 1, path.size())), request);
}

}  // namespace vitals::net
