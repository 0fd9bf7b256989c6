#pragma once

#include <random>
#include <string>

#include <vitals/notify/outbox.h>

#include "notify/channel.h"

namespace vitals::notify::test {

/// Alerts as nobody would write them: texts of any length with emoji, quotes, mark-up, control
/// characters and bytes that are no UTF-8; hundreds of labels; nothing at all.
class WildAlerts {
 public:
  explicit WildAlerts(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

  std::string text(std::size_t pieces_max) {
    static const char* const kPieces[] = {
        "word ",        "é",        "😀",    "\"", "\\",    "<",     ">",    "&",
        "&amp;",        "\n",       "\r\n", "\t", "\x01",  "\x7f",  "\xff", "\xc3",
        "\xed\xa0\x80", "\xc2\x85", "*",    "|",  "{{x}}", "</td>", "'",    "`",
        "👩‍🚀",  "0"};
    std::string text;
    for (std::size_t n = below(pieces_max + 1); n > 0; --n) {
      text += kPieces[below(std::size(kPieces))];
    }
    return text;
  }

  model::Alert alert() {
    model::Alert alert;
    alert.id = "0190f8a0-0000-7000-8000-" + std::to_string(100'000'000'000 + below(1'000'000));
    alert.rule = below(4) == 0 ? text(300) + "r" : "success-rate-collapse";
    alert.severity = static_cast<model::Severity>(below(3));
    alert.status = model::AlertStatus::firing;
    const std::size_t labels = below(3) == 0 ? 300 : below(4);
    for (std::size_t i = 0; i < labels; ++i) {
      alert.labels["tags." + std::to_string(i) + text(3)] = text(below(5) == 0 ? 2'000 : 10);
    }
    for (const char* name : {"prompt", "team", "error.type", "9lives", ""}) {
      if (below(2) == 0) alert.labels[name] = text(100);
    }
    for (const char* name :
         {"summary", "description", "cause", "affected", "errors", "next_step"}) {
      if (below(3) != 0) alert.annotations[name] = text(below(3) == 0 ? 20'000 : 50);
    }
    if (below(2) == 0) {
      alert.annotations["runbook_url"] =
          below(2) == 0 ? "https://runbooks.example/" + std::string(below(4'000), 'a') : text(20);
    }
    alert.metric = "execution_success_rate";
    if (below(4) != 0) alert.value = std::uniform_real_distribution<>(-1e18, 1e18)(random_);
    if (below(2) == 0) alert.threshold = 80;
    alert.samples = below(1'000);
    alert.pending_since = alert.firing_since = alert.updated_at = 1'790'000'000'000;
    alert.assignee = below(4) == 0 ? text(100) : "";
    if (below(3) == 0) alert.action = model::AlertAction{"roll-back", {}, false, text(20), {}, {}};
    return alert;
  }

  Notice notice() {
    Notice notice{static_cast<Event>(below(4)), alert()};
    if (notice.event == Event::resolved) {
      notice.alert.status = model::AlertStatus::resolved;
      notice.alert.resolved_at =
          notice.alert.firing_since + static_cast<DurationMs>(below(2)) * 90'000;
    }
    if (notice.event == Event::acknowledged) {
      notice.alert.acknowledged_at = notice.alert.firing_since + 1'000;
      notice.alert.acknowledged_by = text(50);
    }
    return notice;
  }

  Message message(std::size_t notices) {
    Message message;
    message.id = "0190f8a0-0000-7000-8000-000000000000-firing";
    message.created_at = 1'790'000'060'000;
    for (std::size_t i = 0; i < notices; ++i) message.notices.push_back(notice());
    return message;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace vitals::notify::test
