#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/fields.h>
#include <vitals/net/client.h>

namespace vitals::evaluate {

/// What one request came to.
struct Reply {
  enum class Kind { scores, no_opinion, try_again, useless };
  Kind kind = Kind::useless;
  std::vector<std::pair<model::Number, double>> scores = {};
  std::string reason = {};                ///< why there are none
  std::optional<TimeMs> not_before = {};  ///< what Retry-After asked for
};

Reply read_reply(const Result<net::ClientAnswer>& answer, TimeMs now);

}  // namespace vitals::evaluate
