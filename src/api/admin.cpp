#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {

void post_reload(Context& context, const Call& call) {
  const auto reloaded = context.services.reload();
  call.respond(reloaded ? json_answer({{"reloaded", true}}) : problem(reloaded.error()));
}

void post_flush(Context& context, const Call& call) {
  const auto flushed = context.services.maintenance.complete_cells();
  call.respond(flushed ? json_answer({{"flushed", true}}) : problem(flushed.error()));
}

/// From now on names have pseudonyms of a new key.
void post_rotate_key(Context& context, const Call& call) {
  const Services& services = context.services;
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const TimeMs now = services.clock.now_ms();
  const auto kept = services.pseudonyms.rotate(now);
  if (!kept) return call.respond(problem(kept.error()));
  services.logger->info("pseudonym key rotated, as {} asked; retired keys kept: {}",
                        call.request.peer, *kept);
  call.respond(json_answer({{"rotated_at", format_rfc3339(now)}, {"retired_keys", *kept}}));
}

namespace {

/// Cells of days that begin before cannot be computed again: raw events do not cover the whole day.
TimeMs cells_kept_before(const Services& services, TimeMs now) {
  if (services.raw_retention_ms == events::kForever) return INT64_MIN;
  const TimeMs raw_since = now - services.raw_retention_ms;
  return raw_since + (kDayMs - 1) - (raw_since + (kDayMs - 1)) % kDayMs;
}

}  // namespace

/// Removes the executions that satisfy every `filter`, within `from` and `to`.
void post_delete(Context& context, const Call& call) {
  const Services& services = context.services;
  const TimeMs now = services.clock.now_ms();
  if (auto known = only_parameters(call.request, {"filter", "from", "to"}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  auto filters = filter_parameters(call.request, services.pseudonyms);
  if (!filters) return call.respond(problem(filters.error()));
  const auto from = time_parameter(call.request, "from", now);
  if (!from) return call.respond(problem(from.error()));
  const auto to = time_parameter(call.request, "to", now);
  if (!to) return call.respond(problem(to.error()));
  if (filters->empty() && !(*from && *to)) {
    return call.respond(bad_parameter("filter", "give at least one filter, or both from and to"));
  }
  const auto erased = services.maintenance.erase(*std::move(filters), from->value_or(INT64_MIN),
                                                 to->value_or(INT64_MAX));
  // The rules' windows still hold what was erased, and so they do when only a part of it was.
  const auto reloaded = services.spine.reload_windows();
  if (!erased) return call.respond(problem(erased.error()));
  if (!reloaded) return call.respond(problem(reloaded.error()));
  const std::uint64_t executions = erased->rows - erased->signals;
  services.logger->info("{} executions deleted, as {} asked", executions, call.request.peer);
  Json answer{{"deleted", executions}};
  if (erased->signals > 0) answer["signals"] = erased->signals;
  const TimeMs kept_before = cells_kept_before(services, now);
  if (erased->rows > 0 && erased->from_ms < kept_before) {
    answer["cells_kept_before"] = format_rfc3339(kept_before);
  }
  call.respond(json_answer(answer));
}

}  // namespace vitals::api
