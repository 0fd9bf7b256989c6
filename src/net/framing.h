#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "refusal.h"

namespace vitals::net {

/// Where one request ends and the next begins, and what must be known before its body is read.
/// The views lie in the checked bytes.
struct Framing {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  std::optional<std::uint64_t> content_length;
};

/// How far the end of a header was looked for. A header ends with an empty line.
struct HeadScan {
  std::size_t scanned = 0;     ///< bytes looked at; go on from here when more have come
  std::size_t line_start = 0;  ///< of the line that `scanned` lies in
  std::size_t head_bytes = 0;  ///< 0 until the end is found
};

inline constexpr std::size_t request_line_bytes_max = 8192;
inline constexpr std::size_t fields_max = 128;

/// Looks for the end of the header in `received`, which starts with the request line. Refuses what
/// cannot become a header any more: bare line feeds, too long, no HTTP at all.
std::optional<Refusal> find_head_end(std::string_view received, std::size_t header_bytes_max,
                                     HeadScan& scan);

/// The syntax and framing check of RFC 9110 and RFC 9112 on a whole header, request line to empty
/// line, that comes before any parser, because Beast 1.81 lets requests be smuggled. Stricter than
/// the RFC where it leaves a choice: whatever two servers could read differently is refused.
std::optional<Refusal> check_head(std::string_view head, Framing& framing);

/// One line of the header or of a trailer, without its line end: name, colon, value.
std::optional<Refusal> check_field_line(std::string_view line, std::string_view& name,
                                        std::string_view& value);

}  // namespace vitals::net
