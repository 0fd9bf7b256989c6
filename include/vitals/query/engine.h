#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/base/task_queue.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/batch.h>
#include <vitals/query/journeys.h>
#include <vitals/query/request.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::query {

struct Options {
  DurationMs deadline_ms = 10'000;  ///< a query that takes longer is given up
  DurationMs slow_query_ms = 500;   ///< slower ones are named in the log
  std::uint64_t points_max = 1'000'000;
  /// Values kept at most for exact quantiles of one answer, 8 bytes each; more are sketched.
  std::uint64_t exact_values_max = 4'000'000;
  std::uint32_t groups_max = 100'000;  ///< of an answer: largest and default limit
  std::uint32_t min_group = 5;         ///< that requests of people are to have
};

/// Where queries find threads that help them: a queue that `threads` threads run.
struct QueryThreads {
  TaskQueue* queue = nullptr;  ///< null: each query has only its own thread
  std::size_t threads = 1;
  /// So many events or cells are worth a thread.
  std::uint64_t work_each = 8'192;
};

/// Rows of raw executions with their log positions, in answer order.
struct ExecutionsPage {
  model::ExecutionBatch rows;        ///< all columns; feedback, if that was asked for
  model::ExecutionBatch signals;     ///< what was said of them later, oldest first
  std::vector<std::uint32_t> about;  ///< the row of each signal's execution
  std::optional<std::string> next_cursor;
};

struct AssessmentsRequest;  // vitals/query/assessments.h
struct AssessmentsAnswer;
struct ErrorsRequest;  // vitals/query/errors.h
struct ErrorsAnswer;
struct CommentsRequest;  // vitals/query/comments.h
struct CommentsAnswer;

/// Answers questions from a store snapshot: rollup cells for whole buckets, raw blocks for the
/// edges, for events newer than the cells' watermark, and for fields that are no series dimension.
/// Thread-safe; call from query threads, which help one another. Errors: invalid_argument (unknown
/// metric, stat, field), unprocessable (too many points, beyond retention), deadline_exceeded,
/// corruption, not_found.
class Engine {
 public:
  Engine(store::Store& store, const events::EventLog& log, const series::Rollups& rollups,
         const metrics::Catalogue& catalogue, const Clock& clock, const Options& options,
         Logger logger, telemetry::Registry& telemetry, QueryThreads threads = {});
  ~Engine();

  const Options& options() const;

  Result<MetricAnswer> metric(const MetricRequest& request) const;
  Result<ExecutionsPage> executions(const ExecutionsRequest& request) const;
  Result<ErrorsAnswer> errors(const ErrorsRequest& request) const;
  Result<CommentsAnswer> comments(const CommentsRequest& request) const;
  /// One execution by id, as a page of one row.
  Result<ExecutionsPage> execution(std::string_view id) const;

  /// What people did in their sessions.
  Result<Journeys> journeys(const JourneysRequest& request) const;

  /// What evaluators said of executions, in the order of the log.
  Result<AssessmentsAnswer> assessments(const AssessmentsRequest& request) const;

  /// Fields that can be filtered and grouped by, tags that occur included.
  Result<std::vector<std::string>> labels() const;
  /// Distinct values of a field, sorted, at most `limit`. user and session give pseudonyms.
  Result<std::vector<std::string>> label_values(std::string_view field, std::uint32_t limit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::query
