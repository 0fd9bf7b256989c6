#include <utility>

#include <vitals/base/time_text.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Json time_or_null(bool known, TimeMs time) {
  return known ? Json(format_rfc3339(time)) : Json(nullptr);
}

Json proof_json(const pipeline::ErasureProof& proof) {
  const bool any = proof.from_ms <= proof.to_ms;
  return {{"erasure", proof.id},
          {"asked_at", format_rfc3339(proof.asked_at)},
          {"done_at", format_rfc3339(proof.done_at)},
          {"executions", proof.executions},
          {"signals", proof.signals},
          {"session_only", proof.session_only},
          {"from", time_or_null(any, proof.from_ms)},
          {"to", time_or_null(any, proof.to_ms)},
          {"blocks", proof.blocks},
          {"names", {{"users", proof.users}, {"sessions", proof.sessions}}},
          {"days", proof.days},
          {"alerts", proof.alerts},
          {"deliveries", proof.deliveries},
          {"files_gone", proof.files_gone},
          {"not_reached",
           {{"backups_before", time_or_null(proof.files_gone, proof.done_at)},
            {"days_beyond_raw", proof.days_kept},
            {"unreadable_blocks", proof.unreadable_blocks}}}};
}

}  // namespace

/// Takes a user, named as runners do, out of everything. Whether there was one is nobody's
/// business: an unknown user is erased as well.
void delete_user(Context& context, const Call& call) {
  const Services& services = context.services;
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const std::string& name = call.arguments[0];
  if (name.size() > model::kLabelBytesMax) {
    return call.respond(bad_parameter("id", "is longer than a user's name can be"));
  }
  const auto proof = services.maintenance.erase_users(services.pseudonyms.users(name));
  if (!proof) return call.respond(problem(proof.error()));
  call.respond(json_answer(proof_json(*proof)));
}

/// Erasures that are not done, and nothing of whom they are about.
void get_erasures(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto left = context.services.erasures.all();
  if (!left) return call.respond(problem(left.error()));
  Json list = Json::array();
  for (const registry::Erasure& erasure : *left) {
    list.push_back({{"id", erasure.id},
                    {"asked_at", format_rfc3339(erasure.asked_at)},
                    {"state", erasure.rewritten ? "files_left" : "rewriting"}});
  }
  call.respond(json_answer({{"erasures", std::move(list)}}));
}

}  // namespace vitals::api
