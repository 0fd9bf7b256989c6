#include <algorithm>
#include <array>

#include "route.h"

namespace vitals::api {
namespace {

constexpr std::array<std::string_view, 6> kPromptMetrics{
    "execution_success_rate",     "response_quality_score",   "completion_time",
    "task_completion_efficiency", "user_satisfaction_rating", "overall_performance_score"};
constexpr DurationMs kWindowMs = 300'000;
constexpr std::uint32_t kPromptsMax = 1'000;

/// The prompts' own metrics over the last five minutes, one family per metric.
void write_prompt_metrics(const Services& services, std::string& out) {
  const TimeMs now = services.clock.now_ms();
  for (const std::string_view name : kPromptMetrics) {
    query::MetricRequest request;
    request.metric = name;
    request.from_ms = now - kWindowMs + 1;
    request.to_ms = now + 1;
    request.group_by = {"prompt"};
    request.order = query::Order::count_descending;
    request.limit = std::min(kPromptsMax, services.queries.options().groups_max);
    const auto answer = services.queries.metric(request);
    if (!answer) {
      services.logger->warn("cannot expose {}: {}", name, answer.error().message);
      continue;
    }
    const std::string family = "vitals_prompt_" + std::string(name);
    out.append("# HELP ").append(family).append(" ").append(answer->info->description);
    out.append(" Last 5 minutes, in ").append(answer->info->unit).append(".\n");
    out.append("# TYPE ").append(family).append(" gauge\n");
    for (const query::Group& group : answer->groups) {
      if (!group.value) continue;
      telemetry::write_sample(out, family, {{"prompt", group.labels[0]}}, *group.value);
    }
  }
}

}  // namespace

void get_exposition(Context& context, const Call& call) {
  net::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  context.services.telemetry.write_prometheus(response.body);
  write_prompt_metrics(context.services, response.body);
  call.respond(std::move(response));
}

}  // namespace vitals::api
