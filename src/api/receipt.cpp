#include "receipt.h"

#include <algorithm>
#include <cctype>

namespace vitals::api {
namespace {

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

Json errors_of(const std::vector<wire::Refusal>& refusals, wire::Framing framing) {
  Json errors = Json::array();
  for (const wire::Refusal& refusal : refusals) {
    Json error = {{framing == wire::Framing::ndjson ? "line" : "index", refusal.item}};
    if (!refusal.field.empty()) error["field"] = refusal.field;
    error["reason"] = refusal.reason;
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace

Body body_of(const net::Request& request) {
  if (request.body.empty() && request.header("content-length").empty() &&
      request.header("transfer-encoding").empty()) {
    return {{}, problem(411, "a body with its Content-Length, or a chunked one, is needed")};
  }
  const auto framing = framing_of(request.header("content-type"));
  if (framing) return {*framing, std::nullopt};
  return {{},
          problem(415,
                  "send Content-Type: application/json for an object or an array, "
                  "application/x-ndjson for NDJSON")};
}

Receipt::Receipt(std::string_view what, std::uint64_t count,
                 const std::vector<wire::Refusal>& refusals, wire::Framing framing)
    : rejected(count), what_(what), errors_(errors_of(refusals, framing)) {}

void Receipt::refuse(std::uint64_t more, const std::string& reason) {
  rejected += more;
  if (errors_.size() < wire::kRefusalsMax) errors_.push_back({{"reason", reason}});
}

net::Response Receipt::answer(std::uint64_t accepted, std::uint64_t duplicates,
                              const Json& more) const {
  Json members = {{"accepted", accepted},
                  {"duplicates", duplicates},
                  {"rejected", rejected},
                  {"errors", errors_}};
  if (accepted == 0 && rejected > 0) {
    const Json& first = errors_.front();
    const std::string field = first.value("field", "");
    const std::string reason = (field.empty() ? "" : field + ": ") + first.value("reason", "");
    return problem(400, "no " + std::string(what_) + " was accepted; the first refusal: " + reason,
                   members);
  }
  if (!more.empty()) members.update(more);
  return json_answer(members);
}

net::Response not_stored(const Error& error) {
  return problem(503, error.code == Errc::resource_exhausted
                          ? "the disk is full; nothing of this request was stored"
                          : "the events could not be stored; try again");
}

}  // namespace vitals::api
