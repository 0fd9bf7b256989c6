#pragma once

#include "../attempt.h"

namespace vitals::notify::slack {

/// Where a bot's message is: what chat.update needs to change it.
struct Place {
  std::string channel;
  std::string ts;
};

/// Web API answers are `{"ok":true,"channel":…,"ts":…}` or `{"ok":false,"error":…}`, mostly with
/// status 200.
Attempt judge_api(const Result<net::ClientAnswer>& answer, TimeMs now);

/// As a channel remembers it, and back; an empty place for anything else.
std::string to_memory(const net::ClientAnswer& answer);
Place from_memory(const std::string& memory);

}  // namespace vitals::notify::slack
