#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/query/journeys.h>

#include "reading.h"

namespace vitals::query {

using TextCode = std::uint32_t;
inline constexpr TextCode kNoText = ~TextCode{0};

/// Numbers texts in order of appearance.
class Texts {
 public:
  TextCode code(std::string_view text);
  const std::string& at(TextCode code) const { return texts_[code]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::unordered_map<std::string, TextCode> codes_;
  std::vector<std::string> texts_;
};

/// An execution or interaction, of its session.
struct Moment {
  TextCode session = kNoText;
  TextCode prompt = kNoText;   ///< of an execution
  TextCode segment = kNoText;  ///< likewise
  TextCode action = kNoText;   ///< of an interaction
  TimeMs time_ms = 0;          ///< when it ended, or was done
  TimeMs began_ms = 0;         ///< of an execution; its end, where nobody says how long it took
  /// Hash of the execution's, or of the one that is meant; 0: the last before.
  std::uint64_t id = 0;
  bool failed = false;  ///< an execution with status error
  bool wanted = false;  ///< an execution that satisfies the filters

  bool is_execution() const { return action == kNoText; }
};

/// What was read of the log.
struct Moments {
  std::vector<Moment> all;  ///< by session, in order of time
  Texts sessions, prompts, actions;
  Texts segments;                     ///< values of the fields, each with a zero byte after it
  std::uint64_t without_session = 0;  ///< executions that satisfy the filters
};

/// Executions and interactions of a range that is kept, of all sessions as far as it goes: what the
/// filters leave out stands between the others all the same. Errors: unprocessable (more than
/// kJourneyRowsMax), deadline_exceeded, corruption.
Result<Moments> read_moments(const Reading& reading, const JourneysRequest& request);

}  // namespace vitals::query
