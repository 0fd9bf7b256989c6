// Two weeks of traffic with incidents, receivers that fail and are down for hours, routes that are
// moved, silences, and a daemon that is killed at random commits: no alert is lost, nothing goes
// out under two ids, who heard of a beginning hears of the end, what is kept quiet is not repeated,
// and escalations are on the minute.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/model/matcher.h>
#include <vitals/net/calls.h>

#include "house.h"
#include "passing_store.h"
#include "support/need.h"

namespace vitals::pipeline::test {
namespace {

using vitals::test::need;

using nlohmann::json;

constexpr DurationMs kTurn = 10 * kSecondMs;
constexpr DurationMs kResponse = 10 * kMinuteMs;
constexpr DurationMs kRepeat = 15 * kMinuteMs;
constexpr DurationMs kFortnight = 14 * 24 * kHourMs;

/// The daemon ends here.
struct Killed {};

/// A store whose next commits may be the daemon's last: taken, or not.
class DeadlyStore final : public PassingStore {
 public:
  explicit DeadlyStore(std::mt19937_64& random) : random_(random) {}
  bool deadly = true;
  int kills = 0;

  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    if (deadly && random_() % 800 == 0) {
      ++kills;
      if (random_() % 2 == 0) (void)PassingStore::commit(batch, sync);
      throw Killed{};
    }
    return PassingStore::commit(batch, sync);
  }

 private:
  std::mt19937_64& random_;
};

/// Receivers that fail, hang, and are down for hours.
class World final : public net::Calls {
 public:
  World(std::mt19937_64& random, const Clock& clock) : random_(random), clock_(clock) {}

  void start(std::uint64_t number, const net::ClientRequest& request) override {
    const TimeMs now = clock_.now_ms();
    TimeMs& down_until = down_until_[request.url];
    if (faulty && random_() % 100 == 0) {
      down_until = now + static_cast<DurationMs>(random_() % (5 * kHourMs));
    }
    const bool lost = faulty && random_() % 10 == 0;  // taken, but its answer never comes
    if (down_until > now || (faulty && random_() % 4 == 0)) {
      answered_.push_back({number, net::ClientAnswer{503, {}, ""}});
      return;
    }
    const auto id = std::find_if(request.headers.begin(), request.headers.end(),
                                 [](const auto& header) { return header.first == "webhook-id"; });
    taken[request.url][id->second].push_back(json::parse(request.body));
    if (id->second.find("-again-") != std::string::npos) {
      const json& alert = taken[request.url][id->second].back().at("data");
      repeats.push_back({request.url, alert.at("labels").at("prompt"), now});
    }
    if (lost) {
      answered_.push_back({number, Error{Errc::deadline_exceeded, "timed out"}});
    } else {
      answered_.push_back({number, net::ClientAnswer{204, {}, ""}});
    }
  }
  std::vector<Answered> answered() override { return std::exchange(answered_, {}); }
  void wait(DurationMs /*at_most_ms*/) override {}
  void wake() override {}
  void forget() { answered_.clear(); }

  struct Repeat {
    std::string url;
    std::string prompt;
    TimeMs at;
  };
  bool faulty = true;
  std::vector<Repeat> repeats;
  std::map<std::string, std::map<std::string, std::vector<json>>> taken;  ///< by URL, by id

 private:
  std::mt19937_64& random_;
  const Clock& clock_;
  std::vector<Answered> answered_;
  std::map<std::string, TimeMs> down_until_;
};

struct Episode {
  std::string prompt;
  TimeMs from, to;
};

rules::Rule collapse() {
  rules::Rule rule = success_rule("collapse");
  rule.for_ms = kMinuteMs;
  rule.response_ms = kResponse;
  rule.severity = model::Severity::critical;
  return rule;
}

std::string url_of(const std::string& receiver) { return "http://" + receiver + "/"; }

/// All alerts go to one of two, and if need be to a third.
notify::Options routed_to(const std::string& first) {
  notify::Options options;
  for (const char* name : {"first", "other", "second"}) {
    notify::Receiver receiver;
    receiver.name = name;
    receiver.target = notify::WebhookTarget{url_of(name), "", {}};
    options.receivers.push_back(receiver);
  }
  options.routes.receiver = first;
  options.routes.repeat_ms = kRepeat;
  options.routes.escalate = {"second"};
  options.jitter_seed = 7;
  return options;
}

/// A daemon on a store that outlives it, traffic that does not know of its deaths, and people who
/// take on some of the alerts.
class Fortnight {
 public:
  explicit Fortnight(std::uint64_t seed) : random_(seed), store_(random_), world_(random_, clock_) {
    options_.evaluate_every_ms = kTurn;
    clock_.set(clock_.now_ms() / kMinuteMs * kMinuteMs);
    begun_ = clock_.now_ms();
    plan_episodes();
    plan_silences();
    start();
  }

  void live() {
    for (; clock_.now_ms() < begun_ + kFortnight; clock_.advance(kTurn)) turn();
    world_.faulty = store_.deadly = false;
    for (int i = 0; i < 4 * 24 * 60; ++i, clock_.advance(kMinuteMs)) turn();
  }

  void check() {
    const auto alerts = need(need(AlertBook::open(store_)).history(100'000));
    CHECK(need(need(AlertBook::open(store_)).open_alerts()).empty());
    CHECK(store_.kills > 10);
    CHECK(alerts.size() == episodes_.size());
    std::size_t escalated = 0;
    for (const model::Alert& alert : alerts) {
      CAPTURE(alert.id, alert.labels.at("prompt"), alert.firing_since - begun_);
      check_told(alert);
      check_clock(alert);
      escalated += alert.escalations;
    }
    CHECK(escalated > 5);
    CHECK(escalated < alerts.size());
    check_repeats();
  }

 private:
  void plan_episodes() {
    for (const char* prompt : {"checkout", "search", "support"}) {
      TimeMs at = begun_ + kHourMs;
      while (true) {
        at += (2 + static_cast<DurationMs>(random_() % 18)) * kHourMs +
              static_cast<DurationMs>(random_() % 60) * kMinuteMs;
        const DurationMs lasts = (20 + static_cast<DurationMs>(random_() % 60)) * kMinuteMs;
        if (at + lasts + 2 * kHourMs > begun_ + kFortnight) break;
        episodes_.push_back({prompt, at, at + lasts});
        at += lasts;
      }
    }
  }

  /// Of some episodes, from when they are likely to have been told.
  void plan_silences() {
    for (const Episode& episode : episodes_) {
      if (random_() % 3 != 0) continue;
      const TimeMs from = episode.from + static_cast<DurationMs>(random_() % 30) * kMinuteMs;
      const TimeMs until = from + static_cast<DurationMs>(20 + random_() % 60) * kMinuteMs;
      const std::string id = "silence-" + std::to_string(silences_.size());
      silences_.push_back({id,
                           {*model::parse_matcher("prompt:" + episode.prompt)},
                           from,
                           until,
                           from,
                           "ana",
                           "known"});
    }
  }

  void start() {
    telemetry_ = std::make_unique<telemetry::Registry>();
    log_ = need(events::EventLog::open(store_, clock_, {}, quiet_logger(), *telemetry_));
    outbox_ = need(notify::Outbox::open(store_, clock_, routed_to(first_), world_, quiet_logger(),
                                        *telemetry_));
    spine_ = need(Spine::make(
        {store_, *log_, *outbox_, catalogue_, clock_, quiet_logger(), *telemetry_, [] {}},
        options_));
    const Status loaded = spine_->load_rules({collapse()});
    REQUIRE(loaded);
    load_routes();
  }

  void load_routes() {
    rules::IncidentOptions incidents;
    const notify::Route routes = routed_to(first_).routes;
    incidents.escalation_steps = [this, routes](const model::Alert& alert) {
      return notify::escalation_steps(routes, alert, clock_.now_ms());
    };
    incidents.receivers = [this, routes](const model::Alert& alert) {
      std::vector<std::string> names;
      for (const notify::Recipient& to : notify::recipients(routes, alert, clock_.now_ms())) {
        names.push_back(to.receiver);
      }
      return names;
    };
    const Status configured = spine_->load_incident_options(incidents);
    REQUIRE(configured);
  }

  /// Now and then somebody edits the configuration file.
  void move_routes() {
    if (clock_.now_ms() % kMinuteMs != 0 || random_() % 600 != 0) return;
    first_ = first_ == "first" ? "other" : "first";
    moved_.emplace_back(clock_.now_ms(), first_);
    const Status configured = outbox_->configure(routed_to(first_));
    REQUIRE(configured);
    load_routes();
  }

  void begin_silences() {
    for (const model::Silence& silence : silences_) {
      if (clock_.now_ms() < silence.from || begun_silences_.count(silence.id) != 0) continue;
      const Status begun = spine_->silence(silence);
      REQUIRE(begun);
      begun_silences_.insert(silence.id);
    }
  }

  void turn() {
    if (clock_.now_ms() % kMinuteMs == 0) queue_traffic();
    if (clock_.now_ms() < down_until_) return;
    try {
      if (spine_ == nullptr) start();
      post();
      spine_->step();
      answer_pages();
      move_routes();
      begin_silences();
      while (outbox_->deliver() <= clock_.now_ms()) {
      }
    } catch (const Killed&) {
      die();
    }
  }

  void die() {
    store_.deadly = false;  // the dead write nothing
    spine_.reset();
    outbox_.reset();
    log_.reset();
    world_.forget();
    store_.deadly = true;
    down_until_ = clock_.now_ms() + static_cast<DurationMs>(random_() % (4 * kMinuteMs));
    outages_.emplace_back(clock_.now_ms(), (down_until_ + kTurn) / kTurn * kTurn);
  }

  void queue_traffic() {
    const TimeMs now = clock_.now_ms();
    for (const char* prompt : {"checkout", "search", "support"}) {
      const bool fails = std::any_of(episodes_.begin(), episodes_.end(), [&](const Episode& e) {
        return e.prompt == prompt && e.from <= now && now < e.to;
      });
      sent_ += 4;
      unposted_.push_back(
          executions(prompt, sent_, 4, now, fails ? model::Tri::no : model::Tri::yes));
    }
  }

  /// Runners post again what was not acknowledged.
  void post() {
    const auto acknowledged = std::make_shared<std::size_t>(0);
    const std::vector<model::ExecutionBatch> batches = unposted_;
    for (const model::ExecutionBatch& batch : batches) {
      REQUIRE(spine_->submit(
          batch, [acknowledged](const auto& outcome) { *acknowledged += outcome.ok() ? 1 : 0; }));
    }
    spine_->step();
    REQUIRE(*acknowledged == batches.size());
    unposted_.clear();
  }

  /// Half of the alerts are taken on, each within twenty minutes.
  void answer_pages() {
    if (clock_.now_ms() % kMinuteMs != 0) return;
    const auto open = need(need(AlertBook::open(store_)).open_alerts());
    for (const model::Alert& alert : open) {
      if (!is_active(alert.status) || alert.acknowledged_at != 0) continue;
      const auto [when, is_new] = answered_at_.try_emplace(alert.id, 0);
      if (is_new && random_() % 2 == 0) {
        when->second = clock_.now_ms() + static_cast<DurationMs>(random_() % (20 * kMinuteMs));
      }
      if (when->second == 0 || clock_.now_ms() < when->second) continue;
      // Outside of REQUIRE, which would catch a kill.
      const auto taken = spine_->command([&](rules::Incidents& incidents, TimeMs now) {
        return incidents.acknowledge(alert.id, {"ana", ""}, now);
      });
      REQUIRE(taken);
    }
  }

  /// Everybody who is to be told was, each thing under one id.
  void check_told(const model::Alert& alert) {
    std::set<std::string> expected;
    if (alert.announced_at != 0) expected = {alert.id + "-firing", alert.id + "-resolved"};
    if (alert.announced_at != 0 && alert.acknowledged_at != 0) {
      expected.insert(alert.id + "-acknowledged-" + std::to_string(alert.acknowledged_at));
    }
    if (alert.escalations > 0) expected.insert(alert.id + "-escalated-1");
    CHECK(alert.told.empty() == (alert.announced_at == 0));
    for (const char* name : {"first", "other", "second"}) {
      CAPTURE(name);
      const std::set<std::string> heard = ids_at(url_of(name), alert.id);
      if (std::count(alert.told.begin(), alert.told.end(), name) == 0) {
        CHECK(heard.empty());
      } else if (alert.told.front() == name) {
        CHECK(heard == expected);
      } else {  // they came later
        CHECK(heard.count(alert.id + "-firing") == 0);
        CHECK(heard.count(alert.id + "-resolved") == 1);
        CHECK(std::includes(expected.begin(), expected.end(), heard.begin(), heard.end()));
      }
    }
    if (alert.escalations > 0) {
      CHECK(ids_at(url_of("second"), alert.id).count(alert.id + "-escalated-1") == 1);
    }
  }
  std::set<std::string> ids_at(const std::string& url, const std::string& alert) {
    std::set<std::string> ids;
    for (const auto& [id, bodies] : world_.taken[url]) {
      if (bodies.front().at("data").at("id") != alert) continue;
      if (id.find("-again-") == std::string::npos) ids.insert(id);
      // A repeat says what the first said.
      for (const json& body : bodies) CHECK(body == bodies.front());
    }
    return ids;
  }

  /// It fired for an episode, and escalated when nobody had come, on the minute.
  void check_clock(const model::Alert& alert) {
    const bool known = std::any_of(episodes_.begin(), episodes_.end(), [&](const Episode& e) {
      return e.prompt == alert.labels.at("prompt") && e.from <= alert.firing_since &&
             alert.firing_since < e.to + 5 * kMinuteMs;
    });
    CHECK(known);
    const bool was_quiet =
        std::any_of(alert.timeline.begin(), alert.timeline.end(),
                    [](const model::AlertEntry& entry) { return entry.what == "kept quiet"; });
    if (was_quiet) return;
    const TimeMs due = alert.announced_at + kResponse;
    const bool in_time = alert.acknowledged_at != 0 && alert.acknowledged_at <= due;
    if (alert.escalations > 0) {
      CHECK(alert.escalated_at >= due);
      CHECK(alert.escalated_at <= awake_after(due) + kTurn);
    } else if (!in_time) {
      CHECK(alert.resolved_at <= awake_after(due) + kTurn);
    }
  }
  /// Nobody is told again what is kept quiet, nor where routes lead no more.
  void check_repeats() {
    CHECK(world_.repeats.size() > 20);
    for (const World::Repeat& repeat : world_.repeats) {
      CAPTURE(repeat.url, repeat.prompt, repeat.at - begun_);
      for (const model::Silence& silence : silences_) {
        if (silence.matchers[0].patterns[0] != repeat.prompt) continue;
        CHECK_FALSE((awake_after(silence.from) + kTurn <= repeat.at && repeat.at < silence.until));
      }
      std::string first = "first";
      for (const auto& [at, to] : moved_) {
        if (at <= repeat.at) first = to;
      }
      if (repeat.url != url_of("second")) CHECK(repeat.url == url_of(first));
    }
  }
  TimeMs awake_after(TimeMs time) const {
    for (const auto& [from, to] : outages_) {
      if (from <= time && time < to) time = to;
    }
    return time;
  }

  std::mt19937_64 random_;
  vitals::test::ManualClock clock_;
  DeadlyStore store_;
  World world_;
  const metrics::Catalogue catalogue_{metrics::Options{}};
  Options options_;
  TimeMs begun_ = 0;
  TimeMs down_until_ = 0;
  int sent_ = 0;
  std::vector<Episode> episodes_;
  std::vector<std::pair<TimeMs, TimeMs>> outages_;
  std::vector<model::ExecutionBatch> unposted_;
  std::map<std::string, TimeMs> answered_at_;
  std::string first_ = "first";
  std::vector<std::pair<TimeMs, std::string>> moved_;  ///< from when routes lead to whom
  std::vector<model::Silence> silences_;
  std::set<std::string> begun_silences_;

  std::unique_ptr<telemetry::Registry> telemetry_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<notify::Outbox> outbox_;
  std::unique_ptr<Spine> spine_;
};

TEST_CASE("a fortnight of incidents, outages and kills loses no alert and tells nothing twice") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  Fortnight fortnight(seed);
  fortnight.live();
  fortnight.check();
}

}  // namespace
}  // namespace vitals::pipeline::test
