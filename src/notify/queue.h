#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::notify {

/// What must be known of a row to know when its turn is.
struct Waiting {
  std::string key;  ///< in the store
  std::string incident;
  std::string group;    ///< "" goes alone
  std::string message;  ///< it goes with those of the same one; "" is not settled yet
  TimeMs due_at = 0;
  TimeMs queued_at = 0;
  bool repeat = false;  ///< not a row of its own: what was told last, once more
};

/// Whose turn it is at one receiver. Rows of one incident wait in one line, as do those of one
/// group; only the head of a line is sent, so incidents hear things in order and do not wait for
/// one another. Every step costs the logarithm of what waits. Not thread-safe.
class Queue {
 public:
  /// Joins the line of its incident. A repeat takes the place of the incident's one before.
  void add(Waiting row);
  /// No repeat of the incident any more, unless it is under way.
  void drop_repeat(const std::string& incident);

  /// When the next line is due; max() when none is.
  TimeMs due_at() const;
  /// The head of the line that is due first, with those that go in one message with it, as many as
  /// `together_max`. Its line then waits for done() or again(). Something must be due.
  std::vector<Waiting> take(TimeMs now, std::size_t together_max);
  /// What was taken goes in one message for good.
  void together(const std::vector<Waiting>& rows, const std::string& message);
  /// They are done with, and the next in their line has its turn.
  void done(const std::vector<Waiting>& rows);
  /// They keep their place, and are due then.
  void again(const std::vector<Waiting>& rows, TimeMs due_at);

  /// Takes rows out that have waited since `queued_before` or longer and are not under way.
  std::vector<Waiting> expire(TimeMs queued_before);
  std::size_t waiting() const { return by_age_.size(); }  ///< without repeats
  bool empty() const { return lines_.empty(); }
  TimeMs oldest() const;  ///< since when the oldest waits; max() when none does

 private:
  using Turn = std::string;
  struct Line {
    std::map<Turn, Waiting> rows;
    TimeMs due_at = 0;  ///< under which it is in due_
    bool under_way = false;
  };
  struct Incident {
    std::string line;
    std::size_t rows = 0;
    Turn repeat;  ///< "" when it has none
  };
  using Lines = std::map<std::string, Line>;

  static Turn turn_of(const Waiting& row);
  void insert(Waiting row);
  void erase(Line& line, const Turn& turn);
  /// Enters the line into due_ by its head, or ends it when it is empty.
  void settle(Lines::iterator line);
  void leave(Lines::iterator line);

  Lines lines_;
  std::map<std::string, Incident> incidents_;
  std::set<std::pair<TimeMs, std::string>> due_;     ///< of lines that are not under way
  std::set<std::pair<TimeMs, std::string>> by_age_;  ///< keys
  std::map<std::string, std::string> incident_of_;   ///< by key, of what is in by_age_
};

}  // namespace vitals::notify
