#include <utility>

#include "answer.h"
#include "parameters.h"
#include "receipt.h"
#include "route.h"

namespace vitals::api {
namespace {

Result<bool> backfill_parameter(const net::Request& request) {
  if (auto known = only_parameters(request, {"backfill"}); !known) return known.error();
  return flag_parameter(request, "backfill");
}

}  // namespace

void post_executions(Context& context, const Call& call) {
  const Services& services = context.services;
  const Body body = body_of(call.request);
  if (body.refused) {
    call.respond(*body.refused);
    return;
  }
  const auto backfill = backfill_parameter(call.request);
  if (!backfill) {
    call.respond(problem(backfill.error()));
    return;
  }
  wire::TimeLimits limits;
  limits.now_ms = services.clock.now_ms();
  limits.oldest_ms = *backfill || services.raw_retention_ms == events::kForever
                         ? INT64_MIN
                         : limits.now_ms - services.raw_retention_ms;

  wire::Decoded decoded = context.decoders.with([&](wire::ExecutionDecoder& decoder) {
    return decoder.decode(call.request.body, body.framing, limits);
  });
  context.unknown_fields_ignored.add(decoded.unknown_fields);
  for (const std::string& name : context.unknown_fields.first_seen(decoded.unknown_names)) {
    services.logger->info("ignoring the unknown event field '{}'", name);
  }
  // Counted with the answer, as the stored ones are: after a 503 everything is sent again.
  auto answer = [&context, receipt = Receipt("event", decoded.rejected, decoded.refusals,
                                             body.framing)](const events::BatchOutcome& stored) {
    context.events_rejected.add(receipt.rejected);
    return receipt.answer(stored.accepted, stored.duplicates);
  };
  if (decoded.batch.empty()) {
    call.respond(answer({}));
    return;
  }
  services.pseudonyms.apply(decoded.batch);
  services.prompts.apply(decoded.batch);
  const net::Respond respond = call.respond;
  const bool taken = services.spine.submit(
      std::move(decoded.batch),
      [answer = std::move(answer), respond](const Result<events::BatchOutcome>& stored) {
        respond(stored ? answer(*stored) : not_stored(stored.error()));
      });
  if (!taken) respond(problem(503, "too many events are waiting to be stored; try again"));
}

}  // namespace vitals::api
