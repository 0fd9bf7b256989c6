#include "journeys.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <unordered_map>

#include <vitals/metrics/intervals.h>
#include <vitals/model/persons.h>

#include "log_answer.h"
#include "moments.h"
#include "signs.h"

namespace vitals::query {
namespace {

constexpr std::string_view kAbandon = "abandon";

/// Whether an interaction says that the answer was of no use.
bool is_trouble(std::string_view action) {
  return action == "retry" || action == "regenerate" || action == kAbandon;
}

/// Whether it says what came next, so that executions need not tell it.
bool tells_what_followed(std::string_view action) {
  return is_trouble(action) || action == "follow_up";
}

/// Trails of prompts or segments, which count each session once.
class Trails {
 public:
  explicit Trails(std::size_t size) : trails_(size), session_(size, kNoText) {}

  /// A session has come by; sessions one after the other.
  void visit(TextCode code, TextCode session, bool over) {
    if (std::exchange(session_[code], session) == session) return;
    ++trails_[code].sessions;
    trails_[code].open += over ? 0 : 1;
  }
  Trail& at(TextCode code) { return trails_[code]; }
  const Trail& at(TextCode code) const { return trails_[code]; }

 private:
  std::vector<Trail> trails_;
  std::vector<TextCode> session_;  // that came last
};

/// Walks through the sessions, one after the other: first through what was told of executions, then
/// through these, so that what they tell themselves is counted where nothing was told.
class Walk {
 public:
  /// Nothing is known of `end_ms` and later.
  Walk(const Moments& moments, const JourneysRequest& request, TimeMs end_ms)
      : moments_(moments),
        request_(request),
        end_ms_(end_ms),
        prompts_(moments.prompts.size()),
        segments_(moments.segments.size()),
        signs_(request.retry_within_ms),
        troubled_(moments.all.size()),
        told_(moments.all.size()) {}

  Journeys run() {
    find_named();
    for_each_session([this](std::span<const Moment> session) { hear(session); });
    for_each_session([this](std::span<const Moment> session) { follow(session); });
    return result();
  }

 private:
  template <class Visit>
  void for_each_session(const Visit& visit) const {
    const auto& all = moments_.all;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && all[end].session == all[begin].session) ++end;
      visit(std::span(all.data() + begin, end - begin));
    }
  }

  /// Executions that interactions name.
  void find_named() {
    for (const Moment& moment : moments_.all) {
      if (!moment.is_execution() && moment.id != 0) named_.emplace(moment.id, nullptr);
    }
    if (named_.empty()) return;
    for (const Moment& moment : moments_.all) {
      if (!moment.is_execution()) continue;
      if (const auto named = named_.find(moment.id); named != named_.end()) {
        named->second = &moment;
      }
    }
  }

  void hear(std::span<const Moment> session) {
    const Moment* last = nullptr;  // execution
    for (const Moment& moment : session) {
      if (moment.is_execution()) {
        last = &moment;
      } else {
        act(moments_.actions.at(moment.action), moment.id == 0 ? last : named_.at(moment.id));
      }
    }
  }

  /// Of an execution that is not followed nothing is told but, without filters, that it was done.
  void act(const std::string& action, const Moment* about) {
    if (about == nullptr && request_.filters.empty()) ++all_.actions[action];
    if (about == nullptr || !about->wanted) return;
    for_each_trail(*about, [&action](Trail& trail) { ++trail.actions[action]; });
    if (is_trouble(action)) trouble(*about);
    if (tells_what_followed(action)) told_[place_of(*about)] = true;
  }

  void follow(std::span<const Moment> session) {
    const bool over = is_over(session.back());
    const Moment* last = nullptr;  // execution
    bool counted = false;
    for (const Moment& moment : session) {
      if (!moment.is_execution()) continue;
      if (moment.wanted) {
        if (!std::exchange(counted, true)) {
          ++all_.sessions;
          all_.open += over ? 0 : 1;
        }
        execute(moment, over);
        if (last != nullptr && last->wanted) ++paths_[{last->prompt, moment.prompt}];
      }
      last = &moment;
    }
    if (over && last != nullptr && last->wanted) {
      for_each_trail(*last, [](Trail& trail) { ++trail.exits; });
    }
    signs_.find(session, over, [this](const Moment& execution, Sign sign) {
      if (!execution.wanted || told_[place_of(execution)]) return;
      for_each_trail(execution, [sign](Trail& trail) { ++(trail.signs.*sign); });
    });
  }

  /// Whether nothing is to follow the last moment of a session.
  bool is_over(const Moment& last) const {
    return end_ms_ - last.time_ms >= request_.silence_ms ||
           (!last.is_execution() && moments_.actions.at(last.action) == kAbandon);
  }

  void execute(const Moment& moment, bool over) {
    prompts_.visit(moment.prompt, moment.session, over);
    segments_.visit(moment.segment, moment.session, over);
    for_each_trail(moment, [&moment](Trail& trail) {
      ++trail.executions;
      trail.errors += moment.failed ? 1 : 0;
    });
    if (moment.failed) trouble(moment);
  }

  /// Counts an execution once, whatever befell it.
  void trouble(const Moment& execution) {
    const std::size_t place = place_of(execution);
    if (troubled_[place]) return;
    troubled_[place] = true;
    for_each_trail(execution, [](Trail& trail) { ++trail.troubled; });
  }

  std::size_t place_of(const Moment& moment) const {
    return static_cast<std::size_t>(&moment - moments_.all.data());
  }

  template <class Count>
  void for_each_trail(const Moment& execution, Count&& count) {
    count(all_);
    count(prompts_.at(execution.prompt));
    count(segments_.at(execution.segment));
  }

  Journeys result() const {
    Journeys journeys;
    journeys.all = all_;
    journeys.without_session = moments_.without_session;
    journeys.steps = steps();
    journeys.segments = segments();
    journeys.paths = paths();
    journeys.left_out = {shorten(journeys.steps), shorten(journeys.segments),
                         shorten(journeys.paths)};
    return journeys;
  }

  std::vector<Journeys::Step> steps() const {
    std::vector<Journeys::Step> steps;
    for (TextCode code = 0; code < moments_.prompts.size(); ++code) {
      const Trail& trail = prompts_.at(code);
      if (trail.executions == 0) continue;
      steps.push_back({moments_.prompts.at(code), trail, friction_of(trail)});
    }
    std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) {
      return std::tuple(-a.friction, a.prompt) < std::tuple(-b.friction, b.prompt);
    });
    return steps;
  }

  std::vector<Journeys::Segment> segments() const {
    std::vector<Journeys::Segment> segments;
    for (TextCode code = 0; code < moments_.segments.size() && !request_.group_by.empty(); ++code) {
      if (segments_.at(code).executions == 0) continue;
      segments.push_back({labels_of(moments_.segments.at(code)), segments_.at(code)});
    }
    std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) {
      return std::tie(b.trail.executions, a.labels) < std::tie(a.trail.executions, b.labels);
    });
    return segments;
  }

  std::vector<Journeys::Path> paths() const {
    std::vector<Journeys::Path> paths;
    for (const auto& [ends, count] : paths_) {
      paths.push_back({moments_.prompts.at(ends.first), moments_.prompts.at(ends.second), count});
    }
    std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) {
      return std::tie(b.count, a.from, a.to) < std::tie(a.count, b.from, b.to);
    });
    return paths;
  }

  /// To the limit; returns how many that leaves out.
  template <class All>
  std::uint64_t shorten(All& all) const {
    const std::size_t kept = std::min<std::size_t>(all.size(), request_.limit);
    const std::size_t left_out = all.size() - kept;
    all.resize(kept);
    return left_out;
  }

  static std::vector<std::string> labels_of(std::string_view segment) {
    std::vector<std::string> labels;
    for (std::size_t end = segment.find('\0'); end != std::string_view::npos;
         end = segment.find('\0')) {
      labels.emplace_back(segment.substr(0, end));
      segment.remove_prefix(end + 1);
    }
    return labels;
  }

  static double friction_of(const Trail& trail) {
    constexpr double kTwoSided = 90;  // 95 % at one side
    const auto share = metrics::share_interval(trail.troubled, trail.executions, kTwoSided);
    return share ? share->low : 0;
  }

  const Moments& moments_;
  const JourneysRequest& request_;
  const TimeMs end_ms_;
  Trail all_;
  Trails prompts_;
  Trails segments_;
  SignFinder signs_;
  std::map<std::pair<TextCode, TextCode>, std::uint64_t> paths_;
  std::unordered_map<std::uint64_t, const Moment*> named_;  // by id
  std::vector<bool> troubled_;                              // by place of the moment
  std::vector<bool> told_;                                  // likewise: what followed it
};

Status check(const JourneysRequest& request) {
  for (const std::string& field : request.group_by) {
    if (!model::is_field(field) || model::is_personal(field) || field == "id") {
      return Error{Errc::invalid_argument, "group_by: '" + field + "' makes no segments"};
    }
  }
  return {};
}

}  // namespace

Result<Journeys> follow_journeys(const Sources& sources, const JourneysRequest& request) {
  if (Status good = check(request); !good) return std::move(good).error();
  return answer_from_log(
      sources, request, request.deadline_ms,
      [&](const Reading& reading, TimeMs from_ms, TimeMs to_ms) -> Result<Journeys> {
        JourneysRequest within = request;
        within.from_ms = from_ms;
        within.to_ms = to_ms;
        const Result<Moments> moments = read_moments(reading, within);
        if (!moments) return moments.error();
        return Walk(*moments, within, std::min(to_ms, sources.clock.now_ms())).run();
      });
}

}  // namespace vitals::query
