#include "journeys.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include <vitals/base/time_text.h>
#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

namespace vitals::query {
namespace {

using Code = std::uint32_t;
constexpr Code kNone = ~Code{0};

/// An execution or interaction, of its session.
struct Moment {
  Code session;
  Code prompt;   ///< kNone: not said
  Code segment;  ///< likewise
  Code action;   ///< kNone: an execution
  TimeMs time_ms;
  bool error;
};

/// Numbers texts in order of appearance.
class Texts {
 public:
  Code code(std::string_view text) {
    const auto [at, fresh] = codes_.emplace(text, static_cast<Code>(texts_.size()));
    if (fresh) texts_.push_back(at->first);
    return at->second;
  }
  const std::string& at(Code code) const { return texts_[code]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::unordered_map<std::string, Code> codes_;
  std::vector<std::string> texts_;
};

/// What was read of the log.
struct Moments {
  std::vector<Moment> all;
  Texts sessions, prompts, actions, segments;
  std::uint64_t without_session = 0;
};

void add_block(const events::Block& block, std::span<const std::uint32_t> rows,
               const std::vector<std::string>& group_by, Moments& moments) {
  const model::ExecutionBatch& batch = block.rows;
  std::vector<model::FieldCodes> fields;
  fields.reserve(group_by.size());
  for (const std::string& name : group_by) fields.push_back(model::encode_field(batch, name));
  for (const std::uint32_t row : rows) {
    const model::RowKind kind = batch.kind(row);
    if (kind == model::RowKind::feedback) continue;
    const std::string_view session = batch[model::Label::session].at(row);
    const bool execution = kind == model::RowKind::execution;
    if (session.empty()) {
      moments.without_session += execution ? 1 : 0;
      continue;
    }
    const std::string_view prompt = batch[model::Label::prompt].at(row);
    std::string segment;
    for (const model::FieldCodes& field : fields) {
      segment.append(field.values[field.codes[row]]).push_back('\0');
    }
    const bool labelled = !prompt.empty();  // an interaction about no execution has none
    const std::string_view action = batch.attributes.value(row, model::kActionKey);
    moments.all.push_back({moments.sessions.code(session),
                           labelled ? moments.prompts.code(prompt) : kNone,
                           labelled ? moments.segments.code(segment) : kNone,
                           execution ? kNone : moments.actions.code(action), batch.time_ms[row],
                           execution && batch.outcome_at(row).success == model::Tri::no});
  }
}

Result<Moments> read_moments(const Reading& reading, const JourneysRequest& request) {
  events::ScanRequest scan;
  scan.from_ms = request.from_ms;
  scan.to_ms = request.to_ms;
  scan.filters = request.filters;
  scan.columns.add(model::Label::session);
  scan.columns.add(model::Label::prompt);
  scan.columns.outcome = true;
  scan.columns.attributes = true;
  scan.interactions = true;
  for (const std::string& field : request.group_by) model::require_field(field, scan.columns);
  Moments moments;
  const auto add = [&](const events::Block& block, std::span<const std::uint32_t> rows) -> Status {
    add_block(block, rows, request.group_by, moments);
    if (moments.all.size() > kJourneyRowsMax) {
      return Error{Errc::unprocessable, "more than " + std::to_string(kJourneyRowsMax) +
                                            " executions and interactions: ask for a shorter time"};
    }
    return reading.deadline.check();
  };
  if (Status read = reading.log.visit(scan, add); !read) return std::move(read).error();
  std::sort(moments.all.begin(), moments.all.end(), [](const Moment& a, const Moment& b) {
    // What was done at the moment of an execution was done after it.
    return std::tuple(a.session, a.time_ms, a.action != kNone) <
           std::tuple(b.session, b.time_ms, b.action != kNone);
  });
  return moments;
}

/// Trails of prompts or segments, which count each session once.
class Trails {
 public:
  explicit Trails(std::size_t size) : trails_(size), session_(size, kNone) {}

  /// The trail of `code`, by which the session has come.
  Trail& visit(Code code, Code session) {
    Trail& trail = trails_[code];
    if (std::exchange(session_[code], session) != session) ++trail.sessions;
    return trail;
  }
  const Trail& at(Code code) const { return trails_[code]; }

 private:
  std::vector<Trail> trails_;
  std::vector<Code> session_;  // that came last
};

/// Walks through the sessions, one after the other.
class Walk {
 public:
  explicit Walk(const Moments& moments)
      : moments_(moments),
        prompts_(moments.prompts.size()),
        segments_(moments.segments.size()),
        troubled_(moments.all.size()) {}

  Journeys run(const std::vector<std::string>& group_by) {
    const auto& all = moments_.all;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && all[end].session == all[begin].session) ++end;
      follow({all.data() + begin, end - begin});
    }
    return result(group_by);
  }

 private:
  void follow(std::span<const Moment> session) {
    ++all_.sessions;
    last_ = nullptr;
    for (const Moment& moment : session) {
      if (moment.action == kNone) {
        execute(moment);
      } else {
        act(moment);
      }
    }
    if (last_ != nullptr) {
      for_each_trail(*last_, [](Trail& trail) { ++trail.exits; });
    }
  }

  void execute(const Moment& moment) {
    for_each_trail(moment, [&moment](Trail& trail) {
      ++trail.executions;
      trail.errors += moment.error ? 1 : 0;
    });
    if (last_ != nullptr) ++paths_[{last_->prompt, moment.prompt}];
    last_ = &moment;
    latest_[moment.prompt] = &moment;
    if (moment.error) trouble(&moment);
  }

  void act(const Moment& moment) {
    const std::string& action = moments_.actions.at(moment.action);
    // Said of an execution, else of the last one before.
    const Moment* about = last_;
    if (moment.prompt != kNone) {
      const auto latest = latest_.find(moment.prompt);
      const bool here = latest != latest_.end() && latest->second->session == moment.session;
      about = here ? latest->second : nullptr;
    }
    const Moment& labels = moment.prompt != kNone || about == nullptr ? moment : *about;
    ++all_.actions[action];
    if (labels.prompt != kNone) ++prompts_.visit(labels.prompt, moment.session).actions[action];
    if (labels.segment != kNone) ++segments_.visit(labels.segment, moment.session).actions[action];
    const bool bad = action == "retry" || action == "regenerate" || action == "abandon";
    if (bad && about != nullptr) trouble(about);
  }

  /// Counts an execution once, whatever befell it.
  void trouble(const Moment* execution) {
    const auto place = static_cast<std::size_t>(execution - moments_.all.data());
    if (troubled_[place]) return;
    troubled_[place] = true;
    for_each_trail(*execution, [](Trail& trail) { ++trail.troubled; });
  }

  template <class Count>
  void for_each_trail(const Moment& execution, Count&& count) {
    count(all_);
    count(prompts_.visit(execution.prompt, execution.session));
    count(segments_.visit(execution.segment, execution.session));
  }

  Journeys result(const std::vector<std::string>& group_by) const {
    Journeys journeys;
    journeys.all = all_;
    journeys.without_session = moments_.without_session;
    for (Code code = 0; code < moments_.prompts.size(); ++code) {
      const Trail& trail = prompts_.at(code);
      journeys.steps.push_back({moments_.prompts.at(code), trail, friction_of(trail)});
    }
    std::sort(journeys.steps.begin(), journeys.steps.end(), [](const auto& a, const auto& b) {
      return std::tuple(-a.friction, a.prompt) < std::tuple(-b.friction, b.prompt);
    });
    for (Code code = 0; code < moments_.segments.size() && !group_by.empty(); ++code) {
      journeys.segments.push_back({labels_of(moments_.segments.at(code)), segments_.at(code)});
    }
    std::sort(journeys.segments.begin(), journeys.segments.end(),
              [](const auto& a, const auto& b) { return a.labels < b.labels; });
    for (const auto& [ends, count] : paths_) {
      journeys.paths.push_back(
          {moments_.prompts.at(ends.first), moments_.prompts.at(ends.second), count});
    }
    std::sort(journeys.paths.begin(), journeys.paths.end(), [](const auto& a, const auto& b) {
      return std::tuple(b.count, a.from, a.to) < std::tuple(a.count, b.from, b.to);
    });
    if (journeys.paths.size() > kPathsMax) journeys.paths.resize(kPathsMax);
    return journeys;
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

  /// Wilson (1927), "Probable inference, the law of succession, and statistical inference".
  static double friction_of(const Trail& trail) {
    if (trail.executions == 0) return 0;
    constexpr double kZ = 1.6448536269514722;  // 95 %, one side
    const auto n = static_cast<double>(trail.executions);
    const double share = static_cast<double>(trail.troubled) / n;
    const double centre = share + kZ * kZ / (2 * n);
    const double spread = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
    return std::max(0.0, (centre - spread) / (1 + kZ * kZ / n));
  }

  const Moments& moments_;
  Trail all_;
  Trails prompts_;
  Trails segments_;
  std::map<std::pair<Code, Code>, std::uint64_t> paths_;
  const Moment* last_ = nullptr;                    // execution of the session
  std::unordered_map<Code, const Moment*> latest_;  // execution of each prompt
  std::vector<bool> troubled_;                      // by place of the moment
};

Status check(const JourneysRequest& request) {
  if (request.from_ms >= request.to_ms) {
    return Error{Errc::invalid_argument, "the range is empty: from is not before to"};
  }
  for (const std::string& field : request.group_by) {
    if (!model::is_field(field) || field == "user" || field == "session" || field == "id") {
      return Error{Errc::invalid_argument, "group_by: '" + field + "' makes no segments"};
    }
  }
  return {};
}

}  // namespace

Result<Journeys> follow_journeys(const Sources& sources, const JourneysRequest& request) {
  if (Status good = check(request); !good) return std::move(good).error();
  const TimeMs kept = sources.log.kept_since(sources.clock.now_ms());
  if (request.from_ms < kept) {
    return Error{Errc::unprocessable,
                 "sessions are followed through raw events; the oldest time that can be answered "
                 "is " +
                     format_rfc3339(kept)};
  }
  const Reading reading(sources, request.deadline_ms);
  const Result<Moments> moments = read_moments(reading, request);
  if (!moments) return moments.error();
  return Walk(*moments).run(request.group_by);
}

}  // namespace vitals::query
