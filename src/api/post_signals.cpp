#include <limits>
#include <utility>

#include <vitals/wire/signals.h>

#include "answer.h"
#include "parameters.h"
#include "receipt.h"
#include "route.h"

namespace vitals::api {
namespace {

/// Hands signals to the spine, and answers when they are stored.
void store(Context& context, const Call& call, wire::DecodedSignals decoded, wire::Framing framing,
           std::string_view what, SignalCounters& counters) {
  const Services& services = context.services;
  context.unknown_fields_ignored.add(decoded.unknown_fields);
  for (const std::string& name : context.unknown_fields.first_seen(decoded.unknown_names)) {
    services.logger->info("ignoring the unknown field '{}' of {}", name, what);
  }
  // Counted with the answer, as events are.
  auto answer = [&counters, receipt = Receipt(what, decoded.rejected, decoded.refusals, framing)](
                    const pipeline::SignalsOutcome& outcome) {
    counters.accepted.add(outcome.accepted);
    counters.duplicates.add(outcome.duplicates);
    Receipt told = receipt;
    if (outcome.refused > 0) told.refuse(outcome.refused, outcome.why);
    counters.rejected.add(told.rejected);
    return told.answer(outcome.accepted, outcome.duplicates, {{"waiting", outcome.waiting}});
  };
  if (decoded.signals.empty()) {
    call.respond(answer({}));
    return;
  }
  if (decoded.signals.size() > pipeline::kSignalsMax) {
    return call.respond(problem(413, "at most " + std::to_string(pipeline::kSignalsMax) +
                                         " of these are taken in one request"));
  }
  for (model::Signal& signal : decoded.signals) {
    if (!signal.user.empty()) signal.user = services.pseudonyms.user(signal.user);
    if (!signal.session.empty()) signal.session = services.pseudonyms.session(signal.session);
  }
  const net::Respond respond = call.respond;
  const bool taken = services.spine.submit(
      std::move(decoded.signals),
      [answer = std::move(answer), respond](const Result<pipeline::SignalsOutcome>& outcome) {
        if (outcome) return respond(answer(*outcome));
        const Error& why = outcome.error();
        respond(why.code == Errc::resource_exhausted ? not_stored(why) : problem(503, why.message));
      });
  if (!taken) respond(problem(503, "too many signals are on their way; try again"));
}

/// How the body is framed; nothing when the request was refused.
std::optional<wire::Framing> framing_of(const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    call.respond(problem(known.error()));
    return std::nullopt;
  }
  const Body body = body_of(call.request);
  if (!body.refused) return body.framing;
  call.respond(*body.refused);
  return std::nullopt;
}

wire::TimeLimits limits_at(TimeMs now) {
  wire::TimeLimits limits;
  limits.now_ms = now;
  limits.oldest_ms = std::numeric_limits<TimeMs>::min();
  return limits;
}

}  // namespace

void post_feedback(Context& context, const Call& call) {
  const auto framing = framing_of(call);
  if (!framing) return;
  store(context, call,
        wire::decode_feedback(call.request.body, *framing,
                              limits_at(context.services.clock.now_ms()), context.comments),
        *framing, "feedback", context.feedback);
}

void post_assessments(Context& context, const Call& call) {
  const auto framing = framing_of(call);
  if (!framing) return;
  store(context, call,
        wire::decode_assessments(call.request.body, *framing,
                                 limits_at(context.services.clock.now_ms())),
        *framing, "assessment", context.assessments);
}

void post_interactions(Context& context, const Call& call) {
  const auto framing = framing_of(call);
  if (!framing) return;
  wire::TimeLimits limits = limits_at(context.services.clock.now_ms());
  const DurationMs retention_ms = context.services.raw_retention_ms;
  if (retention_ms != events::kForever) limits.oldest_ms = limits.now_ms - retention_ms;
  store(context, call, wire::decode_interactions(call.request.body, *framing, limits), *framing,
        "interaction", context.interactions);
}

}  // namespace vitals::api
