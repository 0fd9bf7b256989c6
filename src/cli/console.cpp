#include "console.h"

#include <cstdlib>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace vitals::cli {
namespace {

/// 0 when standard output is no terminal, or one that does not tell.
std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace

Console standard_console() {
  // https://no-color.org: any value that is not empty.
  const char* no_color = std::getenv("NO_COLOR");
  const bool wanted = no_color == nullptr || *no_color == '\0';
  return {std::cin,
          std::cout,
          std::cerr,
          wanted && ::isatty(STDOUT_FILENO) == 1,
          ::isatty(STDERR_FILENO) == 1,
          terminal_width()};
}

std::string toned(std::string_view text, Tone tone, bool color) {
  // ECMA-48 §8.3.117, Select Graphic Rendition.
  const char* code = "";
  switch (tone) {
    case Tone::plain:
      break;
    case Tone::strong:
      code = "1";
      break;
    case Tone::faint:
      code = "2";
      break;
    case Tone::good:
      code = "32";
      break;
    case Tone::warning:
      code = "33";
      break;
    case Tone::bad:
      code = "31";
      break;
  }
  if (!color || *code == '\0') return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace vitals::cli
