#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitals::config {

/// Finite decimal numbers; nothing for all else.
std::optional<double> parse_number(std::string_view text);
/// Digits only.
std::optional<std::uint64_t> parse_count(std::string_view text);
/// `64MiB`, `512KiB`, `1GiB`, `100B`, `100`.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
/// The shortest form that parse_bytes() reads back.
std::string format_bytes(std::uint64_t bytes);

/// ` from 0 to 10`, ` of at least 0`, or "" when there is no bound.
std::string range_text(double min, double max);

}  // namespace vitals::config
