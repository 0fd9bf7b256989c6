#include "metric_query.h"

#include <algorithm>
#include <bit>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

#include "answer.h"
#include "cell_reader.h"
#include "plan.h"
#include "raw_reader.h"
#include "team.h"

namespace vitals::query {
namespace {

/// The years 1 to 9999, which keeps sums of times and durations far from their limits.
constexpr TimeMs kTimeMin = -62'135'596'800'000;
constexpr TimeMs kTimeMax = 253'402'300'800'000;

Error refused(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

Result<Question> question_of(const metrics::Catalogue& catalogue, const MetricRequest& request) {
  const metrics::Metric* metric = catalogue.find(request.metric);
  if (metric == nullptr) return refused("unknown metric '" + request.metric + "'");
  if (request.stat_given && !metric->info().takes_stat) {
    return refused("metric '" + request.metric + "' takes no stat");
  }
  const metrics::Stat stat = request.stat_given ? request.stat : metrics::Stat{};
  if (request.confidence > 0 && !metric->has_interval(stat)) {
    return refused("no interval of metric '" + request.metric + "' is known" +
                   (metric->info().takes_stat ? " for stat " + stat.to_string() : ""));
  }
  return Question{*metric, stat, metric->needs(stat), std::nullopt, request.confidence};
}

Status check(const MetricRequest& request, const Options& options) {
  if (request.from_ms >= request.to_ms) return refused("the range is empty: from is not before to");
  if (request.from_ms < kTimeMin || request.to_ms > kTimeMax) {
    return refused("the range leaves the years 1 to 9999");
  }
  if (!(request.confidence >= 0 && request.confidence < 100)) {
    return refused("the confidence is not within 0 and 100 percent");
  }
  if (request.step_ms < 0) return refused("the step is negative");
  if (request.limit && (*request.limit == 0 || *request.limit > options.groups_max)) {
    return refused("the limit is not within 1 and " + std::to_string(options.groups_max));
  }
  for (auto field = request.group_by.begin(); field != request.group_by.end(); ++field) {
    if (!model::is_field(*field)) return refused("unknown field '" + *field + "' in group_by");
    if (std::find(request.group_by.begin(), field, *field) != field) {
      return refused("field '" + *field + "' is twice in group_by");
    }
  }
  for (const model::Filter& filter : request.filters) {
    if (!model::is_field(filter.field)) return refused("unknown field '" + filter.field + "'");
  }
  return {};
}

/// Whether series labels can answer every filter and group.
bool on_dimensions(const MetricRequest& request, const series::SeriesIndex& index) {
  const auto known = [&](const std::string& field) { return dimension(index, field).has_value(); };
  return std::all_of(request.group_by.begin(), request.group_by.end(), known) &&
         std::all_of(request.filters.begin(), request.filters.end(),
                     [&](const model::Filter& filter) { return known(filter.field); });
}

PlanRequest plan_request(const Sources& sources, const Reading& reading,
                         const MetricRequest& request, const metrics::Needs& needs, TimeMs now) {
  PlanRequest plan{
      request.from_ms, request.to_ms, request.step_ms, {}, sources.log.kept_since(now)};
  if (request.raw_only || !on_dimensions(request, reading.cells.index())) return plan;
  for (const series::Resolution resolution : series::kResolutions) {
    if (request.resolution && resolution > *request.resolution) break;
    if (!reading.cells.carries(resolution, needs)) continue;
    plan.cells_since[static_cast<std::size_t>(resolution)] =
        reading.cells.oldest_kept(resolution, now);
  }
  return plan;
}

/// The plan, which reads days whose cells are to be made anew from the raw events that cover them.
Result<Plan> plan_for(const Reading& reading, const PlanRequest& asked) {
  Result<Plan> plan = make_plan(asked);
  if (!plan || plan->raw_only()) return plan;
  const auto stale = reading.cells.stale();
  if (!stale) return stale.error();
  for (const series::CellView::Stale& span : *stale) {
    const TimeMs covered = series::bucket_start(asked.raw_since + kDayMs - 1, kDayMs);
    plan->make_raw(std::max(span.from_ms, covered), span.to_ms);
  }
  return plan;
}

/// One attempt to answer: what was asked, and what was added up so far, by part.
struct Attempt {
  const Team& team;
  const Reading& reading;
  std::vector<Tallies> tallies;

  std::size_t parts_for(std::uint64_t work) const {
    return std::min(team.parts_for(work), tallies.size());
  }
  /// Has each reader add up its part.
  template <class Readers>
  Status run(Readers& readers) const {
    return team.run(readers.size(),
                    [&](std::size_t part) { return readers[part].step(reading.deadline); });
  }
};

/// Reads the cell segments. Those where events of the overflow series must be told apart are made
/// raw in the plan; true: the plan has changed.
Result<bool> read_cells(CellWork& work, Attempt& attempt, Plan& plan) {
  for (std::size_t i = 0; i < plan.segments.size(); ++i) {
    if (!plan.segments[i].source) continue;
    if (Status added = work.add(i, plan.segments[i]); !added) return std::move(added).error();
  }
  std::vector<CellReader> readers;
  auto parts = work.parts(attempt.parts_for(work.cells()));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    readers.emplace_back(work, std::move(parts[i]), plan.segments.size(), attempt.tallies[i]);
  }
  if (Status read = attempt.run(readers); !read) return std::move(read).error();
  bool changed = false;
  for (std::size_t i = plan.segments.size(); i-- > 0;) {
    Overflow overflow;
    for (const CellReader& reader : readers) {
      overflow.add(reader.overflow()[i].from_ms, reader.overflow()[i].to_ms);
    }
    if (overflow.from_ms >= overflow.to_ms) continue;
    plan.make_raw(i, overflow.from_ms, overflow.to_ms);
    changed = true;
  }
  return changed;
}

/// Reads raw segments, and of the stretches that cells cover what they do not hold yet.
Status read_raw(RawWork& work, Attempt& attempt, const Plan& plan) {
  const Result<std::uint64_t> watermark = attempt.reading.cells.watermark();
  if (!watermark) return watermark.error();
  for (std::size_t i = 0; i < plan.segments.size();) {
    const bool raw = !plan.segments[i].source;
    const TimeMs from = plan.segments[i].from_ms;
    while (i < plan.segments.size() && !plan.segments[i].source == raw) ++i;
    const TimeMs to = plan.segments[i - 1].to_ms;
    if (Status added = work.add(from, to, raw ? 0 : *watermark); !added) return added;
  }
  std::vector<RawReader> readers;
  auto parts = work.parts(attempt.parts_for(work.rows()));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    readers.emplace_back(work, std::move(parts[i]), attempt.tallies[i]);
  }
  return attempt.run(readers);
}

/// The measure whose values answer the question exactly, if it is a quantile.
std::optional<metrics::Measure> exact_measure(const Question& question) {
  const bool quantile =
      question.metric.info().takes_stat && question.stat.kind == metrics::Stat::Kind::quantile;
  if (!quantile || std::popcount(question.needs.sketches) != 1) return std::nullopt;
  return static_cast<metrics::Measure>(std::countr_zero(question.needs.sketches));
}

MetricAnswer head(const Question& question, const MetricRequest& request, const Plan& plan) {
  MetricAnswer answer;
  answer.info = &question.metric.info();
  if (answer.info->takes_stat) answer.stat = question.stat.to_string();
  answer.from_ms = plan.from_ms();
  answer.to_ms = plan.to_ms();
  answer.step_ms = request.step_ms;
  const Source coarsest = plan.coarsest();
  answer.resolution = coarsest ? series::to_string(*coarsest) : "raw";
  answer.estimated = exact_measure(question) && !question.exact;
  return answer;
}

Result<MetricAnswer> answer_now(const Sources& sources, const MetricRequest& request) {
  if (Status status = check(request, sources.options); !status) return status.error();
  Result<Question> question = question_of(sources.catalogue, request);
  if (!question) return question.error();
  const Reading reading(sources, request.deadline_ms);
  const TimeMs now = sources.clock.now_ms();
  const PlanRequest asked = plan_request(sources, reading, request, question->needs, now);
  Result<Plan> plan = plan_for(reading, asked);
  if (!plan) return plan.error();

  const std::uint64_t points_max = sources.options.points_max;
  std::size_t parts = sources.team.parts_max();
  for (bool exact = request.confidence == 0;;) {
    question->exact = exact && plan->raw_only() ? exact_measure(*question) : std::nullopt;
    const Points points(plan->from_ms(), plan->to_ms(), request.step_ms);
    TallyBudget budget{points_max, sources.options.exact_values_max};
    Attempt attempt{sources.team, reading,
                    std::vector<Tallies>(parts, {*question, points, budget})};
    Tallies& all = attempt.tallies.front();
    if (request.group_by.empty()) all.group({});
    if (points.size() > points_max) return too_many_points(all, request, points_max);
    if (!plan->raw_only()) {
      CellWork cells(reading.cells, request.filters, request.group_by, question->needs,
                     asked.raw_since);
      const Result<bool> replanned = read_cells(cells, attempt, *plan);
      if (!replanned) return replanned.error();
      if (*replanned) continue;
    }
    RawWork raw(reading.log, request.filters, request.group_by, question->needs,
                sources.catalogue.options());
    if (Status status = read_raw(raw, attempt, *plan); !status) return status.error();
    if (all.too_many_values()) {
      exact = false;
      continue;
    }
    if (all.crowded()) {
      parts = 1;
      continue;
    }
    for (std::size_t i = 1; i < parts; ++i) all.merge(std::move(attempt.tallies[i]));
    if (all.too_many_points()) return too_many_points(all, request, points_max);
    // What was dropped meanwhile may be missing from what was read.
    if (plan_request(sources, reading, request, question->needs, now) != asked) {
      return Error{Errc::unavailable, "events or cells were dropped while they were read"};
    }
    MetricAnswer answer = head(*question, request, *plan);
    set_groups(all, request, request.limit.value_or(sources.options.groups_max), answer);
    return answer;
  }
}

}  // namespace

Result<MetricAnswer> answer_metric(const Sources& sources, const MetricRequest& request) {
  return answer_of_what_is_kept([&] { return answer_now(sources, request); });
}

}  // namespace vitals::query
