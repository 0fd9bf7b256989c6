#include "subcommands.h"

#include <vitals/base/time_text.h>

namespace vitals::cli {

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration ? "" : duration.error().message;
}

}  // namespace vitals::cli
