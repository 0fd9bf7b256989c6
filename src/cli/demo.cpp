#include <algorithm>
#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "line_source.h"
#include "numbers.h"
#include "progress.h"
#include "traffic.h"
#include "upload.h"

namespace vitals::cli {
namespace {

constexpr DurationMs kBadReleaseMs = 30 * 60'000;
constexpr DurationMs kBadReleaseLiveMs = 15 * 60'000;
constexpr DurationMs kLiveTickMs = 1'000;

std::uint64_t history_events(const DemoArguments& arguments) {
  if (arguments.rate <= 0) return arguments.events;
  return static_cast<std::uint64_t>(
      std::llround(arguments.rate * static_cast<double>(arguments.duration_ms) / 1000));
}

/// Sends lines in batches and adds up what became of them.
class Sender {
 public:
  explicit Sender(Session& session) : session_(session) {}

  Status add(const std::string& line) {
    body_.append(line).push_back('\n');
    ++lines_;
    return lines_ >= kBatchLinesMax || body_.size() >= kBatchBytesMax ? flush() : Status();
  }

  Status flush() {
    if (lines_ == 0) return {};
    const auto receipt = upload(session_, body_, false);
    if (!receipt) return receipt.error();
    if (receipt->rejected > 0) {
      const std::string reason =
          receipt->refusals.empty() ? "" : ": " + receipt->refusals.front().reason;
      return Error{Errc::invalid_argument, "the daemon refused demo events" + reason};
    }
    accepted += receipt->accepted;
    duplicates += receipt->duplicates;
    body_.clear();
    lines_ = 0;
    return {};
  }

  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;

 private:
  Session& session_;
  std::string body_;
  std::uint64_t lines_ = 0;
};

Status send_history(Session& session, const DemoArguments& arguments, TimeMs now, Traffic& traffic,
                    Sender& sender) {
  Progress progress(session.console);
  const std::vector<TimeMs> times =
      spread(history_events(arguments), now - arguments.duration_ms, now, arguments.seed);
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (Status sent = sender.add(traffic.next(times[i])); !sent) return sent;
    if (i % 1000 == 0) {
      progress.show("demo", static_cast<double>(i) / static_cast<double>(times.size()), i);
    }
  }
  return sender.flush();
}

/// Goes on in real time until it is interrupted or the daemon is gone.
Status send_live(Session& session, double events_per_second, Traffic& traffic, Sender& sender) {
  Progress progress(session.console);
  TimeMs last = session.clock.now_ms();
  double due = 0;
  while (true) {
    session.sleep(kLiveTickMs);
    const TimeMs now = session.clock.now_ms();
    // 0.65 is the mean of intensity() over a day.
    due +=
        events_per_second * static_cast<double>(now - last) / 1000 * Traffic::intensity(now) / 0.65;
    while (due >= 1) {
      due -= 1;
      if (Status sent = sender.add(traffic.next(now)); !sent) return sent;
    }
    last = now;
    if (Status sent = sender.flush(); !sent) return sent;
    progress.show("live, Ctrl-C ends it", -1, sender.accepted);
  }
}

void print_summary(Session& session, const Sender& sender, const BadRelease& bad) {
  if (session.json) {
    session.console.out << nlohmann::ordered_json{{"accepted", sender.accepted},
                                                  {"duplicates", sender.duplicates},
                                                  {"bad_release",
                                                   {{"prompt", Traffic::bad_prompt()},
                                                    {"version", Traffic::bad_version()},
                                                    {"from", bad.from_ms}}}}
                        << '\n';
    return;
  }
  const std::string prompt = Traffic::bad_prompt();
  session.console.out << with_separators(static_cast<std::int64_t>(sender.accepted))
                      << " synthetic executions stored, all with the tag synthetic: \"true\".\n"
                      << prompt << ' ' << Traffic::bad_version() << ", out since "
                      << format_moment(bad.from_ms - bad.from_ms % 1000)
                      << " UTC, is a bad release. See it:\n"
                      << "  vitalsctl query execution_success_rate --group-by prompt,version\n"
                      << "  vitalsctl query response_quality_score --window 2h --step 10m --filter "
                         "prompt:"
                      << prompt << '\n'
                      << "  vitalsctl alerts\n";
}

}  // namespace

int run_demo(Session& session, const DemoArguments& arguments) {
  const TimeMs now = session.clock.now_ms();
  const DurationMs lead = std::min(kBadReleaseMs, arguments.duration_ms / 4);
  const BadRelease bad{now - lead, now + kBadReleaseLiveMs};
  Traffic traffic(arguments.seed, bad);
  Sender sender(session);
  if (Status sent = send_history(session, arguments, now, traffic, sender); !sent) {
    return fail(session, sent.error());
  }
  print_summary(session, sender, bad);
  if (!arguments.live) return kDone;
  session.console.out << std::flush;
  const double rate = static_cast<double>(history_events(arguments)) * 1000 /
                      static_cast<double>(arguments.duration_ms);
  const Status ended = send_live(session, rate, traffic, sender);
  return fail(session, ended.error());
}

}  // namespace vitals::cli
