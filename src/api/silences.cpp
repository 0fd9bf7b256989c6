#include <algorithm>

#include <vitals/base/uuid.h>
#include <vitals/model/matcher.h>

#include "command_body.h"
#include "parameters.h"
#include "route.h"
#include "silence_effect.h"

namespace vitals::api {
namespace {

constexpr std::size_t kMatchersMax = 32;

const char* state_of(const model::Silence& silence, TimeMs now) {
  if (silence.in_force(now)) return "active";
  return now < silence.from ? "pending" : "expired";
}

Json silence_json(const model::Silence& silence, TimeMs now) {
  Json matchers = Json::array();
  for (const model::Filter& matcher : silence.matchers) matchers.push_back(matcher.to_string());
  return {{"id", silence.id},         {"state", state_of(silence, now)}, {"matchers", matchers},
          {"from", silence.from},     {"until", silence.until},          {"by", silence.by},
          {"reason", silence.reason}, {"created_at", silence.created_at}};
}

/// `{"team": "search"}` must mean the same when it is read back from its text.
Result<model::Filter> plain_matcher(const std::string& name, const std::string& text) {
  auto matcher = model::parse_matcher(name + ":" + text);
  if (!matcher || *matcher == model::Filter{name, false, {text}}) return matcher;
  return Error{Errc::invalid_argument,
               "'" + name + "' and '" + text +
                   "' are no plain label and value: give a list, [\"label:!value\"]"};
}

/// `["team:search", "severity:!critical"]`, or `{"team": "search"}` for plain equality.
Result<std::vector<model::Filter>> matchers_of(const CommandBody& body) {
  const Json* member = body.member("matchers");
  const Json given = member == nullptr ? Json::array() : *member;
  std::vector<model::Filter> matchers;
  for (const auto& [name, value] : given.items()) {
    if (!value.is_string()) return wrong_member("matchers", "expected texts, label:value");
    const auto text = value.get<std::string>();
    auto matcher = given.is_object() ? plain_matcher(name, text) : model::parse_matcher(text);
    if (!matcher) return wrong_member("matchers", matcher.error().message);
    matchers.push_back(*std::move(matcher));
  }
  if (matchers.empty() || matchers.size() > kMatchersMax) {
    return wrong_member("matchers",
                        "give from 1 to 32, as [\"team:search\"]; a silence without "
                        "any would silence everything");
  }
  return matchers;
}

Result<model::Silence> silence_of(const CommandBody& body, TimeMs now) {
  model::Silence silence;
  silence.created_at = now;
  auto matchers = matchers_of(body);
  if (!matchers) return std::move(matchers).error();
  silence.matchers = *std::move(matchers);

  const auto from = body.time("from", now);
  if (!from) return from.error();
  silence.from = from->value_or(now);
  const auto until = body.time("until", now);
  if (!until) return until.error();
  const auto duration = body.duration("duration");
  if (!duration) return duration.error();
  if (until->has_value() == duration->has_value()) {
    return wrong_member("until", "give either until (a time) or duration (as 2h)");
  }
  if (*duration && **duration > CommandBody::kTimeMax - silence.from) {
    return wrong_member("duration", "must end before the year 10000");
  }
  silence.until = *until ? **until : silence.from + **duration;
  if (silence.until <= std::max(silence.from, now)) {
    return wrong_member("until", "must be in the future, and after from");
  }
  const auto by = body.text("by");
  if (!by) return by.error();
  silence.by = by->empty() ? "unknown" : *by;
  auto reason = body.required_text("reason");
  if (!reason) return std::move(reason).error();
  silence.reason = *std::move(reason);
  silence.id = UuidGenerator().next(now);
  return silence;
}

Result<model::Silence> find(const registry::Silences& silences, const std::string& id) {
  const auto all = silences.all();
  if (!all) return all.error();
  const auto found = std::find_if(
      all->begin(), all->end(), [&id](const model::Silence& silence) { return silence.id == id; });
  if (found == all->end()) return Error{Errc::not_found, "there is no silence with this id"};
  return *found;
}

}  // namespace

void get_silences(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"all"}); !known) {
    return call.respond(problem(known.error()));
  }
  const bool everything = call.request.parameter("all") != nullptr;
  const auto all = context.services.silences.all();
  if (!all) return call.respond(problem(all.error()));
  const TimeMs now = context.services.clock.now_ms();
  Json list = Json::array();
  for (const model::Silence& silence : *all) {
    if (everything || now < silence.until) list.push_back(silence_json(silence, now));
  }
  call.respond(json_answer({{"silences", std::move(list)}}));
}

void get_silence(Context& context, const Call& call) {
  const auto silence = find(context.services.silences, call.arguments[0]);
  if (!silence) return call.respond(problem(silence.error()));
  call.respond(json_answer(silence_json(*silence, context.services.clock.now_ms())));
}

void post_silence(Context& context, const Call& call) {
  const TimeMs now = context.services.clock.now_ms();
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  const auto silence = silence_of(*body, now);
  if (!silence) return call.respond(problem(silence.error()));
  const auto open = context.services.alerts.open_alerts();
  if (!open) return call.respond(problem(open.error()));
  if (auto stored = context.services.spine.silence(*silence); !stored) {
    return call.respond(problem(stored.error()));
  }
  const SilenceEffect effect = effect_of(silence->matchers, *context.services.spine.rules(), *open);
  Json answer = silence_json(*silence, now);
  answer["matching_alerts"] = effect.matching_alerts;
  answer["warnings"] = effect.warnings;
  call.respond(json_answer(answer));
}

/// Ends a silence now; it stays in the list of all.
void delete_silence(Context& context, const Call& call) {
  const TimeMs now = context.services.clock.now_ms();
  auto silence = find(context.services.silences, call.arguments[0]);
  if (!silence) return call.respond(problem(silence.error()));
  silence->from = std::min(silence->from, now);
  silence->until = std::min(silence->until, now);
  if (auto stored = context.services.spine.silence(*silence); !stored) {
    return call.respond(problem(stored.error()));
  }
  call.respond(json_answer(silence_json(*silence, now)));
}

}  // namespace vitals::api
