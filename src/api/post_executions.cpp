#include <algorithm>
#include <utility>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

/// How the body is framed, by its media type; nothing when the type is not taken. A missing type
/// and curl's default (application/x-www-form-urlencoded) are read as JSON.
std::optional<wire::Framing> framing_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (type == "application/x-ndjson" || type == "application/ndjson" ||
      type == "application/jsonl") {
    return wire::Framing::ndjson;
  }
  if (type.empty() || type == "application/json" || type == "application/x-www-form-urlencoded") {
    return wire::Framing::json;
  }
  return std::nullopt;
}

Json refusals(const wire::Decoded& decoded, wire::Framing framing) {
  Json errors = Json::array();
  for (const wire::Refusal& refusal : decoded.refusals) {
    Json error = {{framing == wire::Framing::ndjson ? "line" : "index", refusal.item}};
    if (!refusal.field.empty()) error["field"] = refusal.field;
    error["reason"] = refusal.reason;
    errors.push_back(std::move(error));
  }
  return errors;
}

/// What was refused, and what became of the rest.
struct Receipt {
  std::uint64_t rejected = 0;
  Json errors = Json::array();

  net::Response answer(const events::BatchOutcome& stored) const {
    const Json members = {{"accepted", stored.accepted},
                          {"duplicates", stored.duplicates},
                          {"rejected", rejected},
                          {"errors", errors}};
    if (stored.accepted == 0 && rejected > 0) {
      return problem(400, "no event was accepted; the first refusal: " + first_reason(), members);
    }
    return json_answer(members);
  }

 private:
  std::string first_reason() const {
    const Json& first = errors.front();
    const std::string field = first.value("field", "");
    return (field.empty() ? "" : field + ": ") + first.value("reason", "");
  }
};

Result<bool> backfill_parameter(const net::Request& request) {
  if (auto known = only_parameters(request, {"backfill"}); !known) return known.error();
  const std::string* text = request.parameter("backfill");
  if (text == nullptr || *text == "0" || *text == "false") return false;
  if (*text == "1" || *text == "true") return true;
  return Error{Errc::invalid_argument, "backfill: expected 1 or 0"};
}

net::Response not_stored(const Error& error) {
  return problem(503, error.code == Errc::resource_exhausted
                          ? "the disk is full; nothing of this request was stored"
                          : "the events could not be stored; try again");
}

}  // namespace

void post_executions(Context& context, const Call& call) {
  const Services& services = context.services;
  if (call.request.body.empty() && call.request.header("content-length").empty() &&
      call.request.header("transfer-encoding").empty()) {
    call.respond(problem(411, "a body with its Content-Length, or a chunked one, is needed"));
    return;
  }
  const auto backfill = backfill_parameter(call.request);
  if (!backfill) {
    call.respond(problem(backfill.error()));
    return;
  }
  const auto framing = framing_of(call.request.header("content-type"));
  if (!framing) {
    call.respond(problem(415,
                         "send Content-Type: application/json for an object or an array, "
                         "application/x-ndjson for NDJSON"));
    return;
  }
  wire::TimeLimits limits;
  limits.now_ms = services.clock.now_ms();
  limits.oldest_ms = *backfill || services.raw_retention_ms == events::kForever
                         ? INT64_MIN
                         : limits.now_ms - services.raw_retention_ms;

  wire::Decoded decoded = context.decoders.with([&](wire::ExecutionDecoder& decoder) {
    return decoder.decode(call.request.body, *framing, limits);
  });
  context.unknown_fields_ignored.add(decoded.unknown_fields);
  for (const std::string& name : context.unknown_fields.first_seen(decoded.unknown_names)) {
    services.logger->info("ignoring the unknown event field '{}'", name);
  }
  // Counted with the answer, as the stored ones are: after a 503 everything is sent again.
  auto answer = [&context, receipt = Receipt{decoded.rejected, refusals(decoded, *framing)}](
                    const events::BatchOutcome& stored) {
    context.events_rejected.add(receipt.rejected);
    return receipt.answer(stored);
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
