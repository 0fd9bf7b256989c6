#include "answer.h"
#include "route.h"

namespace vitals::api {
void get_metrics(Context& context, const Call& call) {
  Json list = Json::array();
  for (const auto& metric : context.services.catalogue.all()) {
    const metrics::MetricInfo& info = metric->info();
    list.push_back({{"name", info.name},
                    {"unit", info.unit},
                    {"description", info.description},
                    {"direction", to_string(info.direction)},
                    {"target", or_null(info.target)},
                    {"alert", or_null(info.alert)},
                    {"takes_stat", info.takes_stat}});
  }
  call.respond(json_answer({{"metrics", std::move(list)}}));
}

}  // namespace vitals::api
