#include "answer.h"
#include "command_body.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

using notify::DeliveryState;

constexpr std::size_t kIdsMax = 1'000;

Result<notify::DeliveryFilter> filter_of(const net::Request& request) {
  if (auto known = only_parameters(request, {"state", "receiver", "alert", "limit"}); !known) {
    return std::move(known).error();
  }
  notify::DeliveryFilter filter;
  const auto limit = integer_parameter(request, "limit", 100, 10'000);
  if (!limit) return limit.error();
  filter.limit = *limit;
  if (const std::string* receiver = request.parameter("receiver")) filter.receiver = *receiver;
  if (const std::string* alert = request.parameter("alert")) filter.alert = *alert;
  const std::string* const state = request.parameter("state");
  if (state == nullptr) return filter;
  for (const auto known : {DeliveryState::waiting, DeliveryState::delivered, DeliveryState::dead}) {
    if (*state == notify::to_string(known)) filter.state = known;
  }
  if (!filter.state) {
    return Error{Errc::invalid_argument, "state: must be waiting, delivered or dead"};
  }
  return filter;
}

Result<notify::Replay> replay_of(const CommandBody& body) {
  notify::Replay replay;
  auto receiver = body.text("receiver");
  if (!receiver) return std::move(receiver).error();
  replay.receiver = *std::move(receiver);
  if (const Json* ids = body.member("ids")) {
    if (!ids->is_array() || ids->empty() || ids->size() > kIdsMax) {
      return wrong_member("ids", "expected from 1 to 1000 ids");
    }
    for (const Json& id : *ids) {
      if (!id.is_string()) return wrong_member("ids", "expected texts");
      replay.ids.push_back(id.get<std::string>());
    }
  }
  if (replay.ids.empty() && replay.receiver.empty()) {
    return wrong_member("ids", "give ids, or a receiver for all of its dead letters");
  }
  return replay;
}

}  // namespace

void get_deliveries(Context& context, const Call& call) {
  const auto filter = filter_of(call.request);
  if (!filter) return call.respond(problem(filter.error()));
  const auto deliveries = context.services.outbox.deliveries(*filter);
  if (!deliveries) return call.respond(problem(deliveries.error()));
  Json list = Json::array();
  for (const notify::Delivery& one : *deliveries) {
    list.push_back({{"id", one.id},
                    {"receiver", one.receiver},
                    {"alert", one.alert},
                    {"event", one.event},
                    {"state", notify::to_string(one.state)},
                    {"attempts", one.attempts},
                    {"created_at", time_or_null(one.created_at)},
                    {"next_try_at", time_or_null(one.next_try_at)},
                    {"done_at", time_or_null(one.done_at)},
                    {"last_error", text_or_null(one.last_error)}});
  }
  call.respond(json_answer({{"deliveries", std::move(list)}}));
}

void post_replay(Context& context, const Call& call) {
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  const auto replay = replay_of(*body);
  if (!replay) return call.respond(problem(replay.error()));
  const auto replayed = context.services.outbox.replay(*replay);
  if (!replayed) return call.respond(problem(replayed.error()));
  call.respond(json_answer({{"queued", replayed->queued}, {"skipped", replayed->skipped}}));
}

void get_receivers(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  Json list = Json::array();
  for (const notify::ReceiverState& one : context.services.outbox.receivers()) {
    list.push_back({{"name", one.name},
                    {"channel", one.channel},
                    {"circuit", notify::to_string(one.circuit)},
                    {"opens_at", time_or_null(one.opens_at)},
                    {"waiting", one.waiting},
                    {"oldest_at", time_or_null(one.oldest_at)},
                    {"last_success_at", time_or_null(one.last_success_at)},
                    {"last_error_at", time_or_null(one.last_error_at)},
                    {"last_error", text_or_null(one.last_error)}});
  }
  call.respond(json_answer({{"receivers", std::move(list)}}));
}

}  // namespace vitals::api
