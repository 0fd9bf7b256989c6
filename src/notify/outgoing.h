#pragma once

#include <string>
#include <string_view>

#include <vitals/notify/receiver.h>

#include "channel.h"

namespace vitals::notify {

/// A POST of a body, as every channel over HTTP sends it.
net::ClientRequest outgoing(std::string url, std::string_view content_type, std::string body,
                            DurationMs timeout_ms);

/// HTTP's status decides (attempt.h), and 400 and 422 say that the message will never be taken.
Attempt judge_strictly(const Result<net::ClientAnswer>& answer, TimeMs now);

}  // namespace vitals::notify
