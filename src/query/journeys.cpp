#include "journeys.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include <vitals/base/hash.h>
#include <vitals/metrics/intervals.h>
#include <vitals/model/persons.h>
#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

#include "log_answer.h"

namespace vitals::query {
namespace {

using Code = std::uint32_t;
constexpr Code kNone = ~Code{0};

/// An execution or interaction, of its session.
struct Moment {
  Code session;
  Code prompt;   ///< of an execution
  Code segment;  ///< likewise
  Code action;   ///< kNone: an execution
  TimeMs time_ms;
  std::uint64_t id;  ///< hash of the execution's, or of the one that is meant; 0: the last before
  bool error;
  bool wanted;  ///< an execution that satisfies the filters
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
               const JourneysRequest& request, Moments& moments) {
  const model::ExecutionBatch& batch = block.rows;
  std::vector<model::FieldCodes> fields;
  fields.reserve(request.group_by.size());
  for (const std::string& name : request.group_by) {
    fields.push_back(model::encode_field(batch, name));
  }
  std::vector<bool> wanted(batch.rows());
  for (const std::uint32_t row : model::select_rows(batch, request.filters)) wanted[row] = true;
  for (const std::uint32_t row : rows) {
    const model::RowKind kind = batch.kind(row);
    if (model::is_opinion(kind)) continue;
    const std::string_view session = batch[model::Label::session].at(row);
    const bool execution = kind == model::RowKind::execution;
    if (session.empty()) {
      moments.without_session += execution && wanted[row] ? 1 : 0;
      continue;
    }
    Moment moment{
        moments.sessions.code(session), kNone, kNone, kNone, batch.time_ms[row], 0, false, false};
    const std::string_view id = batch.ids.at(row);
    moment.id = execution ? hash64(id) : model::execution_hash_of(id);
    if (execution) {
      std::string segment;
      for (const model::FieldCodes& field : fields) {
        segment.append(field.values[field.codes[row]]).push_back('\0');
      }
      moment.prompt = moments.prompts.code(batch[model::Label::prompt].at(row));
      moment.segment = moments.segments.code(segment);
      moment.error = batch.outcome_at(row).success == model::Tri::no;
      moment.wanted = wanted[row];
    } else {
      moment.action = moments.actions.code(batch.attributes.value(row, model::kActionKey));
    }
    moments.all.push_back(moment);
  }
}

Result<Moments> read_moments(const Reading& reading, const JourneysRequest& request) {
  events::ScanRequest scan;
  scan.from_ms = request.from_ms;
  scan.to_ms = request.to_ms;
  // All of a session: what is filtered out stands between the others all the same.
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  scan.columns.ids = true;
  scan.columns.add(model::Label::session);
  scan.columns.add(model::Label::prompt);
  scan.columns.outcome = true;
  scan.columns.attributes = true;
  scan.interactions = true;
  for (const std::string& field : request.group_by) model::require_field(field, scan.columns);
  Moments moments;
  const auto add = [&](const events::Block& block, std::span<const std::uint32_t> rows) -> Status {
    add_block(block, rows, request, moments);
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

  /// A session has come by; sessions one after the other.
  void visit(Code code, Code session) {
    if (std::exchange(session_[code], session) != session) ++trails_[code].sessions;
  }
  Trail& at(Code code) { return trails_[code]; }
  const Trail& at(Code code) const { return trails_[code]; }

 private:
  std::vector<Trail> trails_;
  std::vector<Code> session_;  // that came last
};

/// Walks through the sessions, one after the other.
class Walk {
 public:
  Walk(const Moments& moments, bool unfiltered)
      : moments_(moments),
        unfiltered_(unfiltered),
        prompts_(moments.prompts.size()),
        segments_(moments.segments.size()),
        troubled_(moments.all.size()) {}

  Journeys run(const std::vector<std::string>& group_by) {
    const auto& all = moments_.all;
    find_named();
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && all[end].session == all[begin].session) ++end;
      follow({all.data() + begin, end - begin});
    }
    return result(group_by);
  }

 private:
  /// Executions that interactions name.
  void find_named() {
    for (const Moment& moment : moments_.all) {
      if (moment.action != kNone && moment.id != 0) named_.emplace(moment.id, nullptr);
    }
    if (named_.empty()) return;
    for (const Moment& moment : moments_.all) {
      if (moment.action != kNone) continue;
      if (const auto named = named_.find(moment.id); named != named_.end()) {
        named->second = &moment;
      }
    }
  }

  void follow(std::span<const Moment> session) {
    const Moment* last = nullptr;  // execution
    bool counted = false;
    for (const Moment& moment : session) {
      if (moment.action != kNone) {
        act(moment, moment.id == 0 ? last : named_.at(moment.id));
        continue;
      }
      if (moment.wanted) {
        if (!std::exchange(counted, true)) ++all_.sessions;
        execute(moment);
        if (last != nullptr && last->wanted) ++paths_[{last->prompt, moment.prompt}];
      }
      last = &moment;
    }
    if (last != nullptr && last->wanted) {
      for_each_trail(*last, [](Trail& trail) { ++trail.exits; });
    }
  }

  void execute(const Moment& moment) {
    prompts_.visit(moment.prompt, moment.session);
    segments_.visit(moment.segment, moment.session);
    for_each_trail(moment, [&moment](Trail& trail) {
      ++trail.executions;
      trail.errors += moment.error ? 1 : 0;
    });
    if (moment.error) trouble(moment);
  }

  /// Of an execution that is not followed nothing is told but, without filters, that it was done.
  void act(const Moment& moment, const Moment* about) {
    const std::string& action = moments_.actions.at(moment.action);
    if (about == nullptr && unfiltered_) ++all_.actions[action];
    if (about == nullptr || !about->wanted) return;
    for_each_trail(*about, [&action](Trail& trail) { ++trail.actions[action]; });
    if (action == "retry" || action == "regenerate" || action == "abandon") trouble(*about);
  }

  /// Counts an execution once, whatever befell it.
  void trouble(const Moment& execution) {
    const auto place = static_cast<std::size_t>(&execution - moments_.all.data());
    if (troubled_[place]) return;
    troubled_[place] = true;
    for_each_trail(execution, [](Trail& trail) { ++trail.troubled; });
  }

  template <class Count>
  void for_each_trail(const Moment& execution, Count&& count) {
    count(all_);
    count(prompts_.at(execution.prompt));
    count(segments_.at(execution.segment));
  }

  Journeys result(const std::vector<std::string>& group_by) const {
    Journeys journeys;
    journeys.all = all_;
    journeys.without_session = moments_.without_session;
    for (Code code = 0; code < moments_.prompts.size(); ++code) {
      const Trail& trail = prompts_.at(code);
      if (trail.executions == 0) continue;
      journeys.steps.push_back({moments_.prompts.at(code), trail, friction_of(trail)});
    }
    std::sort(journeys.steps.begin(), journeys.steps.end(), [](const auto& a, const auto& b) {
      return std::tuple(-a.friction, a.prompt) < std::tuple(-b.friction, b.prompt);
    });
    for (Code code = 0; code < moments_.segments.size() && !group_by.empty(); ++code) {
      if (segments_.at(code).executions == 0) continue;
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

  static double friction_of(const Trail& trail) {
    constexpr double kTwoSided = 90;  // 95 % at one side
    const auto share = metrics::share_interval(trail.troubled, trail.executions, kTwoSided);
    return share ? share->low : 0;
  }

  const Moments& moments_;
  const bool unfiltered_;
  Trail all_;
  Trails prompts_;
  Trails segments_;
  std::map<std::pair<Code, Code>, std::uint64_t> paths_;
  std::unordered_map<std::uint64_t, const Moment*> named_;  // by id
  std::vector<bool> troubled_;                              // by place of the moment
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
        return Walk(*moments, request.filters.empty()).run(request.group_by);
      });
}

}  // namespace vitals::query
