#include "upload.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kConnectTriesMax = 6;
constexpr int kBusyTriesMax = 120;
constexpr DurationMs kWaitMinMs = 500;
constexpr DurationMs kWaitMaxMs = 30'000;

Result<Receipt> read_receipt(const Json& document) {
  try {
    Receipt receipt;
    receipt.accepted = document.at("accepted").get<std::uint64_t>();
    receipt.duplicates = document.at("duplicates").get<std::uint64_t>();
    receipt.rejected = document.at("rejected").get<std::uint64_t>();
    for (const Json& error : document.value("errors", Json::array())) {
      receipt.refusals.push_back({error.value("line", std::uint64_t{0}), error.value("field", ""),
                                  error.value("reason", "")});
    }
    return receipt;
  } catch (const nlohmann::json::exception&) {
    return Error{Errc::corruption, "the daemon's answer has an unexpected shape"};
  }
}

/// RFC 9110 §10.2.3, in its form as a number of seconds; without one, ever longer.
DurationMs wait_ms(const net::ClientAnswer& answer, int tries) {
  const auto header = answer.headers.find("retry-after");
  std::int64_t seconds = 0;
  if (header != answer.headers.end()) {
    const std::string& text = header->second;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc{} || end == text.data()) seconds = 0;
  }
  if (seconds > 0) return std::min<DurationMs>(seconds * 1000, 10 * kWaitMaxMs);
  return std::min(kWaitMaxMs, kWaitMinMs << std::min(tries, 6));
}

/// Lines that are no objects are refused anyway, however often they come.
bool every_line_has_an_id(std::string_view body) {
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const Json event = Json::parse(body.substr(0, end), nullptr, false);
    if (event.is_object() && event.value("id", Json()).is_null()) return false;
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return true;
}

Error lost_answer(const Error& cause) {
  return {Errc::unavailable,
          "the daemon's answer was lost (" + cause.message +
              "), so these lines may be stored or not. They are not sent again, as some have no id "
              "and would be counted twice."};
}

}  // namespace

Result<Receipt> upload(Session& session, const std::string& body, bool backfill) {
  const std::string path = std::string("/api/v1/executions") + (backfill ? "?backfill=1" : "");
  int unreachable = 0;
  for (int tries = 0;; ++tries) {
    const auto answer = session.server.post(path, "application/x-ndjson", body);
    if (!answer) {
      const Errc code = answer.error().code;
      const bool lost = code == Errc::io || code == Errc::deadline_exceeded;
      if (!lost && code != Errc::unavailable) return answer.error();
      if (lost && !every_line_has_an_id(body)) return lost_answer(answer.error());
      if (++unreachable >= kConnectTriesMax) return answer.error();
      session.sleep(std::min(kWaitMaxMs, kWaitMinMs << unreachable));
      continue;
    }
    unreachable = 0;
    if (answer->status == 429 || answer->status == 503) {
      if (tries >= kBusyTriesMax) {
        return Error{Errc::unavailable, explain(*answer).message + "; giving up"};
      }
      session.sleep(wait_ms(*answer, tries));
      continue;
    }
    if (answer->status == 413 && body.find('\n') == body.size() - 1) {
      return Receipt{0, 0, 1, {{1, "", "is longer than the daemon takes"}}};
    }
    // A 400 with counts is a request of which every line was refused.
    const Json document = Json::parse(answer->body, nullptr, false);
    const bool counted = document.is_object() && document.contains("rejected");
    if (answer->status == 200 || (answer->status == 400 && counted)) return read_receipt(document);
    return explain(*answer);
  }
}

}  // namespace vitals::cli
