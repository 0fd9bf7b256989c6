#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace vitals::notify {

/// Texts of alerts come from outside: these make of any bytes what a receiver takes.
///
/// Lengths count UTF-16 units, as JavaScript and Java do: never fewer than there are characters.

/// Valid UTF-8 without control characters but line breaks; U+FFFD stands for bytes that are none.
std::string clean(std::string_view text);

/// The same in one line.
std::string one_line(std::string_view text);

/// Of a clean text.
std::size_t length(std::string_view text);

/// A clean text of at most so many units; `…` ends it where it was cut. No character is cut apart.
std::string cut(std::string_view text, std::size_t units_max);

/// Each character of a clean text in another form, as long as all forms together have at most
/// `units_max` units; `…` ends it where it was cut.
using Escape = std::string (*)(std::string_view character);
std::string escaped(std::string_view text, std::size_t units_max, Escape escape);

}  // namespace vitals::notify
