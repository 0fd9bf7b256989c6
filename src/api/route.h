#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include <vitals/api/api.h>
#include <vitals/api/tokens.h>
#include <vitals/net/message.h>
#include <vitals/text/redact.h>
#include <vitals/text/sentiment.h>

#include "decoder_pool.h"
#include "error_types.h"

namespace vitals::api {

/// One request on its way through a route.
struct Call {
  net::Request request;
  std::vector<std::string> arguments;  ///< the path's `{…}` parts, in order
  net::Respond respond;
};

/// What became of posted signals of one kind.
struct SignalCounters {
  SignalCounters(telemetry::Registry& telemetry, std::string_view name, std::string_view help)
      : accepted(telemetry.counter(name, help, {{"result", "accepted"}})),
        duplicates(telemetry.counter(name, help, {{"result", "duplicate"}})),
        rejected(telemetry.counter(name, help, {{"result", "rejected"}})) {}
  telemetry::Counter& accepted;
  telemetry::Counter& duplicates;
  telemetry::Counter& rejected;
};

/// What routes are given: the daemon's services and the room's own parts.
struct Context {
  explicit Context(Services given)
      : services(std::move(given)),
        comments{text::sentiment, services.keep_comments ? text::kept_comment : nullptr},
        decoders(comments, error_type_of(services)),
        unknown_fields_ignored(services.telemetry.counter(
            "vitals_unknown_fields_total", "Fields of events that were ignored as unknown.")),
        events_rejected(services.telemetry.counter(
            "vitals_events_total", "Events by what became of them.", {{"result", "rejected"}})),
        feedback(services.telemetry, "vitals_feedback_total",
                 "Feedback that was posted by itself, by what became of it."),
        assessments(services.telemetry, "vitals_assessments_total",
                    "Assessments that were posted, by what became of them."),
        interactions(services.telemetry, "vitals_interactions_total",
                     "Interactions by what became of them.") {}

  Services services;
  const wire::Comments comments;
  DecoderPool decoders;
  UnknownFields unknown_fields;
  std::atomic<bool> backtesting{false};  ///< one at a time: it takes a query thread for long
  telemetry::Counter& unknown_fields_ignored;
  telemetry::Counter& events_rejected;  ///< of a family that the event log has the rest of
  SignalCounters feedback;
  SignalCounters assessments;
  SignalCounters interactions;
};

/// Answers by call.respond, once, now or later from another thread.
using Answer = void (*)(Context&, const Call&);

inline constexpr std::size_t kCommandBytesMax = 256U << 10U;

enum class Runs : std::uint8_t {
  io,       ///< at once on the I/O thread: never blocks, never reads the store
  queries,  ///< on a query thread, without the request's body
  commands  ///< on a query thread, with a body of at most kCommandBytesMax
};

struct Route {
  std::string_view method;
  std::string_view path;  ///< `/api/v1/metrics/{name}`
  Scope scope;
  Runs runs;
  Answer answer;
};

const std::vector<Route>& route_table();

// One file each.
void post_executions(Context& context, const Call& call);
void post_feedback(Context& context, const Call& call);
void post_assessments(Context& context, const Call& call);
void post_interactions(Context& context, const Call& call);
void get_interactions(Context& context, const Call& call);
void get_executions(Context& context, const Call& call);
void get_execution(Context& context, const Call& call);
void get_metrics(Context& context, const Call& call);
void get_metric(Context& context, const Call& call);
void get_errors(Context& context, const Call& call);
void get_evaluators(Context& context, const Call& call);
void get_feedback_topics(Context& context, const Call& call);
void get_root_cause(Context& context, const Call& call);
void get_labels(Context& context, const Call& call);
void get_label_values(Context& context, const Call& call);
void get_alerts(Context& context, const Call& call);
void get_alert(Context& context, const Call& call);
void get_alert_statistics(Context& context, const Call& call);
void post_acknowledge(Context& context, const Call& call);
void post_assign(Context& context, const Call& call);
void post_comment(Context& context, const Call& call);
void post_approve(Context& context, const Call& call);
void get_actions(Context& context, const Call& call);
void get_silences(Context& context, const Call& call);
void get_silence(Context& context, const Call& call);
void post_silence(Context& context, const Call& call);
void delete_silence(Context& context, const Call& call);
void get_rules(Context& context, const Call& call);
void post_rules_test(Context& context, const Call& call);
void get_deliveries(Context& context, const Call& call);
void post_replay(Context& context, const Call& call);
void get_receivers(Context& context, const Call& call);
void post_prompt(Context& context, const Call& call);
void post_prompt_analysis(Context& context, const Call& call);
void get_prompts(Context& context, const Call& call);
void get_prompt_versions(Context& context, const Call& call);
void get_prompt_version(Context& context, const Call& call);
void delete_prompt_version(Context& context, const Call& call);
void get_prompt_diff(Context& context, const Call& call);
void get_prompt_quality(Context& context, const Call& call);
void get_compliance(Context& context, const Call& call);
void get_status(Context& context, const Call& call);
void post_reload(Context& context, const Call& call);
void post_flush(Context& context, const Call& call);
void post_delete(Context& context, const Call& call);
void post_backup(Context& context, const Call& call);
void post_rotate_key(Context& context, const Call& call);
void get_erasures(Context& context, const Call& call);
void delete_user(Context& context, const Call& call);
void get_exposition(Context& context, const Call& call);
void get_livez(Context& context, const Call& call);
void get_readyz(Context& context, const Call& call);
void get_openapi(Context& context, const Call& call);
void get_index(Context& context, const Call& call);

}  // namespace vitals::api
