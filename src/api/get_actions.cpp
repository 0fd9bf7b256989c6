#include <algorithm>
#include <vector>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kActionsMax = 10'000;
/// How entries of an alert's story begin that are about its recovery action.
constexpr std::string_view kAction = "action ";

struct Entry {
  const model::Alert* alert;
  const model::AlertEntry* told;
};

Json entry_json(const Entry& entry) {
  const auto& [alert, told] = entry;
  return {{"at", told->at},
          {"action", alert->action->name},
          {"what", told->what.substr(kAction.size())},
          {"by", told->by.empty() ? Json() : Json(told->by)},
          {"text", told->text},
          {"alert", alert->id},
          {"rule", alert->rule},
          {"labels", alert->labels}};
}

}  // namespace

/// Everything that was done about recovery actions, newest first: the stories of all alerts that
/// are kept.
void get_actions(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"limit"}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto limit = integer_parameter(call.request, "limit", 1000, kActionsMax);
  if (!limit) return call.respond(problem(limit.error()));
  auto alerts = context.services.alerts.open_alerts();
  if (!alerts) return call.respond(problem(alerts.error()));
  const auto history = context.services.alerts.history(kActionsMax);
  if (!history) return call.respond(problem(history.error()));
  alerts->insert(alerts->end(), history->begin(), history->end());

  std::vector<Entry> entries;
  for (const model::Alert& alert : *alerts) {
    for (const model::AlertEntry& told : alert.timeline) {
      if (alert.action && told.what.starts_with(kAction)) entries.push_back({&alert, &told});
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.told->at > b.told->at; });
  if (entries.size() > *limit) entries.resize(*limit);
  Json list = Json::array();
  for (const Entry& entry : entries) list.push_back(entry_json(entry));
  call.respond(json_answer({{"actions", std::move(list)}}));
}

}  // namespace vitals::api
