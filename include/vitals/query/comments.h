#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

namespace vitals::query {

/// A question for the newest comments of feedback about executions of [from_ms, to_ms).
struct CommentsRequest {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::vector<model::Filter> filters;  ///< user and session already pseudonymised
  std::uint32_t comments_max = 5'000;
  std::size_t bytes_max = 512U << 10U;  ///< of their texts, but for the first one
};

/// As it was kept, with the feedback's numbers; NaN is absent.
struct KeptComment {
  TimeMs time_ms = 0;  ///< of the execution
  std::string text;
  double rating = 0;
  double sentiment = 0;
};

struct CommentsAnswer {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::vector<KeptComment> comments;  ///< newest first
  bool older_left_out = false;
};

}  // namespace vitals::query
