#include "asking.h"

#include <algorithm>
#include <utility>

#include <vitals/base/backoff.h>

namespace vitals::evaluate {
namespace {

/// Between two looks at the end of the log.
constexpr DurationMs kLookMs = 1'000;
constexpr DurationMs kStoreAgainMs = 1'000;
constexpr DurationMs kRetryMinMs = 2'000;
constexpr DurationMs kRetryMaxMs = 60'000;
/// Whatever an evaluator asks for, it is tried again after so long.
constexpr DurationMs kPauseMaxMs = kHourMs;
constexpr std::uint64_t kAnswerBytesMax = 64ULL << 10U;
/// Questions that wait for those under way: read so many at once, as the same block may have to be
/// decoded each time.
constexpr std::size_t kAheadMax = 64;
constexpr std::size_t kAheadMin = 16;

}  // namespace

Asking::Asking(const Parts& parts, const Evaluator& evaluator, const Progress& progress,
               Number number, Tell tell, std::uint64_t seed)
    : parts_(parts),
      evaluator_(evaluator),
      follower_(parts, evaluator, progress.position),
      budget_(evaluator.budget_per_hour, progress.hour, progress.requests),
      tally_(parts.telemetry, evaluator.name),
      complaints_(parts.logger, evaluator.name),
      number_(std::move(number)),
      tell_(std::move(tell)),
      random_(seed) {}

Progress Asking::progress() const {
  const events::Position first =
      open_.empty() ? follower_.position() : open_.begin()->second.position;
  return {first, budget_.hour(), budget_.used()};
}

DurationMs Asking::step() {
  const bool stuck = wants_more() && !read();
  DurationMs wait = kLookMs;
  for (auto next = open_.begin(); next != open_.end();) {
    const auto at = next++;  // which may be settled
    wait = std::min(wait, move_on(at->first, at->second));
  }
  tally_.in_flight.set(static_cast<double>(under_way_));
  return !stuck && wants_more() ? 0 : wait;
}

bool Asking::wants_more() const {
  return open_.size() < evaluator_.concurrency + kAheadMin && follower_.behind();
}

bool Asking::read() {
  const events::Position before = follower_.position();
  const Status good = follower_.read(
      [this](const events::Block& block, std::uint32_t row) { return add(block, row); });
  if (good) return true;
  complaints_.say(good.error().message, parts_.clock.now_ms());
  return follower_.position() != before;  // past what cannot be read
}

bool Asking::add(const events::Block& block, std::uint32_t row) {
  const TimeMs now = parts_.clock.now_ms();
  if (now - block.arrival_ms > evaluator_.max_age_ms) {
    tally_.too_late.add();
    return true;
  }
  if (!budget_.has_left(now)) {
    tally_.over_budget.add();
    return true;
  }
  if (open_.size() >= evaluator_.concurrency + kAheadMax) return false;
  Question question;
  question.position = block.position(row);
  question.execution_id = block.rows.ids.at(row);
  question.body = R"({"evaluator":")" + evaluator_.name + R"(","execution":)" +
                  parts_.show(block.rows, row) + "}";
  question.due_ms = monotonic_ms();
  open_.emplace(number_(), std::move(question));
  return true;
}

/// Returns after which time it is to be looked at again.
DurationMs Asking::move_on(std::uint64_t number, Question& question) {
  const bool waits = question.stage == Stage::to_ask || question.stage == Stage::to_store;
  if (!waits) return kLookMs;
  if (const DurationMs left = question.due_ms - monotonic_ms(); left > 0) return left;
  if (question.stage == Stage::to_store) return hand_in(number, question) ? kLookMs : kStoreAgainMs;
  if (const DurationMs left = paused_until_ms_ - monotonic_ms(); left > 0) return left;
  if (under_way_ < evaluator_.concurrency) ask(number, question);
  return kLookMs;  // or when an answer comes
}

void Asking::ask(std::uint64_t number, Question& question) {
  if (!budget_.has_left(parts_.clock.now_ms())) return settle(number, tally_.over_budget);
  budget_.take();
  net::ClientRequest request;
  request.method = "POST";
  request.url = evaluator_.url;
  request.headers.emplace_back("content-type", "application/json");
  request.headers.insert(request.headers.end(), evaluator_.headers.begin(),
                         evaluator_.headers.end());
  request.body = question.body;
  request.timeout_ms = evaluator_.timeout_ms;
  request.answer_bytes_max = kAnswerBytesMax;
  question.stage = Stage::asked;
  question.asked_us = parts_.clock.monotonic_us();
  ++under_way_;
  parts_.calls.start(number, request);
}

bool Asking::take(std::uint64_t number, const Result<net::ClientAnswer>& answer) {
  if (abandoned_.erase(number) > 0) {
    --under_way_;
    return true;
  }
  const auto found = open_.find(number);
  if (found == open_.end() || found->second.stage != Stage::asked) return false;
  Question& question = found->second;
  --under_way_;
  tally_.seconds.observe(static_cast<double>(parts_.clock.monotonic_us() - question.asked_us) /
                         1e6);
  const TimeMs now = parts_.clock.now_ms();
  Reply reply = read_reply(answer, now);
  if (!reply.reason.empty()) complaints_.say(reply.reason, now);
  switch (reply.kind) {
    case Reply::Kind::scores:
      question.assessment = {model::RowKind::assessment, question.execution_id, evaluator_.name,
                             now, std::move(reply.scores)};
      question.body.clear();
      question.stage = Stage::to_store;
      question.due_ms = monotonic_ms();
      break;
    case Reply::Kind::no_opinion:
      settle(number, tally_.no_opinion);
      break;
    case Reply::Kind::try_again:
      try_again(number, question, reply);
      break;
    case Reply::Kind::useless:
      settle(number, tally_.failed);
      break;
  }
  return true;
}

void Asking::try_again(std::uint64_t number, Question& question, const Reply& reply) {
  if (reply.not_before) {
    const DurationMs pause_ms = *reply.not_before - parts_.clock.now_ms();
    paused_until_ms_ = monotonic_ms() + std::min(pause_ms, kPauseMaxMs);
  }
  if (++question.failures > evaluator_.retries) return settle(number, tally_.failed);
  question.stage = Stage::to_ask;
  question.due_ms =
      monotonic_ms() + backoff_ms(kRetryMinMs, kRetryMaxMs, question.failures, random_);
}

/// False when there is no room at present.
bool Asking::hand_in(std::uint64_t number, Question& question) {
  question.stage = Stage::storing;
  const bool taken = parts_.sink(question.assessment, [tell = tell_, number](Status stored) {
    tell(number, std::move(stored));
  });
  if (taken) return true;
  question.stage = Stage::to_store;
  question.due_ms = monotonic_ms() + kStoreAgainMs;
  return false;
}

bool Asking::take(std::uint64_t number, const Status& stored) {
  const auto found = open_.find(number);
  if (found == open_.end() || found->second.stage != Stage::storing) return false;
  if (stored) {
    settle(number, tally_.accepted);
    return true;
  }
  complaints_.say("an assessment was not stored: " + stored.error().message, parts_.clock.now_ms());
  if (stored.error().code == Errc::invalid_argument) {
    settle(number, tally_.failed);
  } else {
    found->second.stage = Stage::to_store;
    found->second.due_ms = monotonic_ms() + kStoreAgainMs;
  }
  return true;
}

void Asking::settle(std::uint64_t number, telemetry::Counter& result) {
  result.add();
  open_.erase(number);
}

void Asking::reread() {
  follower_.go_back(progress().position);
  for (const auto& [number, question] : open_) {
    if (question.stage == Stage::asked) abandoned_.insert(number);
  }
  open_.clear();
}

}  // namespace vitals::evaluate
