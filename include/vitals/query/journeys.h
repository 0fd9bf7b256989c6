#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

namespace vitals::query {

/// A question about what people did in their sessions in [from_ms, to_ms).
struct JourneysRequest {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::vector<model::Filter> filters;  ///< only such executions are told of; not by user or session
  std::vector<std::string> group_by;   ///< segments; neither user nor session nor id
  DurationMs retry_within_ms = 5 * kMinuteMs;  ///< between an execution and the same prompt again
  DurationMs silence_ms = 30 * kMinuteMs;      ///< after which a session is over
  std::uint32_t limit = 100;                   ///< steps, segments and paths at most, of each
  std::optional<DurationMs> deadline_ms;
};

/// What executions tell of what people did, where nobody has told it by an interaction. An
/// execution has one at most. Each needs what followed it in its session.
struct Signs {
  std::uint64_t retry = 0;    ///< executions that failed, and the same prompt followed in time
  std::uint64_t repeat = 0;   ///< executions that did not fail, and the same prompt followed
  std::uint64_t abandon = 0;  ///< executions that failed, and nothing followed: the session is over
};

/// What happened in some sessions, or at one prompt of theirs.
struct Trail {
  std::uint64_t sessions = 0;    ///< that executed something
  std::uint64_t open = 0;        ///< of these: sessions that may go on
  std::uint64_t executions = 0;  ///< in them
  std::uint64_t errors = 0;
  std::uint64_t exits = 0;     ///< sessions that are over, of which it had the last execution
  std::uint64_t troubled = 0;  ///< executions that failed, were retried or regenerated, or left
  std::map<std::string, std::uint64_t> actions;  ///< interactions by kind
  Signs signs;
};

struct Journeys {
  TimeMs from_ms = 0;  ///< what was answered: as asked for, but for edges that are kept no more
  TimeMs to_ms = 0;
  Trail all;
  std::uint64_t without_session = 0;  ///< executions that are left out
  struct Segment {
    std::vector<std::string> labels;  ///< in the order of group_by; "" is absent
    Trail trail;
  };
  std::vector<Segment> segments;  ///< the one with most executions first
  struct Step {
    std::string prompt;
    Trail trail;
    /// Lower bound of the share of troubled executions, 95 % one-sided (Wilson 1927), so that few
    /// executions do not make a prompt the worst. 0 to 1.
    double friction = 0;
  };
  std::vector<Step> steps;  ///< the worst first
  struct Path {
    std::string from, to;  ///< prompts of executions that follow each other in a session
    std::uint64_t count = 0;
  };
  std::vector<Path> paths;  ///< the most used first
  struct LeftOut {          ///< by the limit
    std::uint64_t steps = 0, segments = 0, paths = 0;
  } left_out;
};

/// Executions and interactions that one answer looks at.
inline constexpr std::size_t kJourneyRowsMax = 1'000'000;

}  // namespace vitals::query
