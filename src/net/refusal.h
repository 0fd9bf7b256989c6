#pragma once

#include <string_view>

namespace vitals::net {

/// Why a message is not served. `reason` is a sentence in static storage.
struct Refusal {
  int status;
  std::string_view reason;
};

}  // namespace vitals::net
