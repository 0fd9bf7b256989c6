#include "answer.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace vitals::notify::slack {
namespace {

using nlohmann::json;
using Verdict = Attempt::Verdict;

/// The message we would change cannot be changed any more: it is posted anew.
constexpr std::array<std::string_view, 4> kGone = {"message_not_found", "cant_update_message",
                                                   "edit_window_closed", "update_failed"};

/// The message itself will never be taken.
constexpr std::array<std::string_view, 7> kOurFault = {
    "invalid_blocks",      "invalid_blocks_format", "msg_too_long",           "no_text",
    "msg_blocks_too_long", "invalid_arguments",     "invalid_metadata_format"};

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "" where there is none.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json parse(const std::string& body) {
  json object = json::parse(body, nullptr, false);
  return object.is_object() ? object : json::object();
}

}  // namespace

Attempt judge_api(const Result<net::ClientAnswer>& answer, TimeMs now) {
  Attempt attempt = judge(answer, now);
  if (!answer || answer->status != 200) return attempt;
  const json object = parse(answer->body);
  if (const auto ok = object.find("ok"); ok != object.end() && *ok == true) return attempt;
  const std::string error = text_of(object, "error");
  attempt.verdict = contains(kOurFault, error) ? Verdict::refused_for_good : Verdict::try_again;
  attempt.error =
      "Slack says " + (error.empty() ? "nothing that is an answer" : error.substr(0, 64));
  attempt.forget = contains(kGone, error);
  // Everything else (rate, token, channel, their servers) may be mended, and it is about them all.
  attempt.receiver_down = attempt.verdict == Verdict::try_again && !attempt.forget;
  return attempt;
}

std::string to_memory(const net::ClientAnswer& answer) {
  const json object = parse(answer.body);
  const std::string channel = text_of(object, "channel");
  const std::string ts = text_of(object, "ts");
  return channel.empty() || ts.empty() ? std::string() : channel + " " + ts;
}

Place from_memory(const std::string& memory) {
  const std::size_t blank = memory.find(' ');
  if (blank == std::string::npos) return {};
  return {memory.substr(0, blank), memory.substr(blank + 1)};
}

}  // namespace vitals::notify::slack
