#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

namespace vitals::cli {

/// Where a command prints, and what that place can show.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool color = false;     ///< out is a terminal and NO_COLOR is not set
  bool progress = false;  ///< err is a terminal
  std::size_t width = 0;  ///< columns of the terminal that out is; 0: it is none, nothing is cut
};

/// Standard input, output and error.
Console standard_console();

enum class Tone { plain, strong, faint, good, warning, bad };

/// The text with the terminal's codes for the tone; as it is without color.
std::string toned(std::string_view text, Tone tone, bool color);

}  // namespace vitals::cli
