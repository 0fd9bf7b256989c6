#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>

#include <vitals/evaluate/evaluators.h>

#include "budget.h"
#include "follower.h"
#include "progress.h"
#include "reply.h"
#include "tally.h"

namespace vitals::evaluate {

/// What one evaluator is asked, and what becomes of it. Not thread-safe.
class Asking {
 public:
  /// Told of a question's number what the sink says; from any thread.
  using Tell = std::function<void(std::uint64_t number, Status stored)>;
  /// Of questions, different for all evaluators.
  using Number = std::function<std::uint64_t()>;

  Asking(const Parts& parts, const Evaluator& evaluator, const Progress& progress, Number number,
         Tell tell, std::uint64_t seed);

  /// Reads on, and does what is due. Returns after which time to call again.
  DurationMs step();
  /// False: the number is none of this evaluator's.
  bool take(std::uint64_t number, const Result<net::ClientAnswer>& answer);
  bool take(std::uint64_t number, const Status& stored);
  /// Gives up open questions, to read them again. Those under way stay so until they are answered.
  void reread();

  const std::string& name() const { return evaluator_.name; }
  Progress progress() const;
  Standing standing() const { return tally_.standing(evaluator_.name); }

 private:
  enum class Stage : std::uint8_t { to_ask, asked, to_store, storing };
  struct Question {
    events::Position position = 0;
    std::string execution_id;
    std::string body;
    Stage stage = Stage::to_ask;
    std::int64_t due_ms = 0;  ///< monotonic, of asking or storing
    std::int64_t asked_us = 0;
    std::uint32_t failures = 0;
    model::Signal assessment;
  };

  bool wants_more() const;
  /// False: nothing can be read at present.
  bool read();
  bool add(const events::Block& block, std::uint32_t row);
  DurationMs move_on(std::uint64_t number, Question& question);
  void ask(std::uint64_t number, Question& question);
  bool hand_in(std::uint64_t number, Question& question);
  void try_again(std::uint64_t number, Question& question, const Reply& reply);
  void settle(std::uint64_t number, telemetry::Counter& result);
  std::int64_t monotonic_ms() const { return parts_.clock.monotonic_us() / 1000; }

  const Parts& parts_;
  const Evaluator& evaluator_;
  Follower follower_;
  Budget budget_;
  Tally tally_;
  Complaints complaints_;
  const Number number_;
  const Tell tell_;
  std::mt19937_64 random_;
  std::map<std::uint64_t, Question> open_;  ///< by number, which is log order
  std::set<std::uint64_t> abandoned_;       ///< numbers under way whose questions were given up
  std::size_t under_way_ = 0;               ///< of both
  std::int64_t paused_until_ms_ = 0;        ///< monotonic, as a Retry-After asked for
};

}  // namespace vitals::evaluate
