#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kActionsMax = 10'000;
/// Resolved alerts whose stories are looked through.
constexpr std::uint32_t kActionAlertsMax = 10'000;
/// How entries of an alert's story begin that are about its recovery action.
constexpr std::string_view kAction = "action ";

struct Entry {
  std::shared_ptr<const model::Alert> alert;  ///< one for all of its entries
  const model::AlertEntry* told;
};

bool is_newer(const Entry& a, const Entry& b) { return a.told->at > b.told->at; }

/// The newest of everything that is added.
class Newest {
 public:
  explicit Newest(std::size_t count) : count_(count) {}

  void add(model::Alert added) {
    if (!added.action) return;
    const auto alert = std::make_shared<const model::Alert>(std::move(added));
    for (const model::AlertEntry& told : alert->timeline) {
      if (told.what.starts_with(kAction)) entries_.push_back({alert, &told});
    }
    if (entries_.size() >= 2 * count_) cut();
  }

  std::vector<Entry> take() {
    cut();
    return std::move(entries_);
  }

 private:
  void cut() {
    std::stable_sort(entries_.begin(), entries_.end(), is_newer);
    if (entries_.size() > count_) entries_.resize(count_);
  }

  const std::size_t count_;
  std::vector<Entry> entries_;
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

/// Everything that was done about recovery actions, newest first: the stories of alerts that are
/// open, and of the last that were resolved.
void get_actions(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"limit"}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto limit = integer_parameter(call.request, "limit", 1000, kActionsMax);
  if (!limit) return call.respond(problem(limit.error()));
  Newest newest(static_cast<std::size_t>(*limit));
  const Status visited = context.services.alerts.visit_latest(
      kActionAlertsMax, [&](model::Alert alert) { newest.add(std::move(alert)); });
  if (!visited) return call.respond(problem(visited.error()));
  Json list = Json::array();
  for (const Entry& entry : newest.take()) list.push_back(entry_json(entry));
  call.respond(json_answer({{"actions", std::move(list)}}));
}

}  // namespace vitals::api
